namespace LowRank;

/// <summary>
/// Declares a decoder-only language model: token ids <c>[batch, sequence]</c> (int64) to logits
/// <c>[batch, sequence, vocabulary]</c>. The sublayers are the class's partial properties of type <see cref="Sublayer"/>, run in the
/// order of declaration, each <c>x + f(norm(x))</c> unless <see cref="NormPlacement"/> says otherwise, <paramref name="depth"/> times.
/// </summary>
/// <param name="vocabulary">Number of token ids, and of rows of the embedding.</param>
/// <param name="context">Longest sequence the model is trained on and can attend over, in tokens.</param>
/// <param name="width">Size of the residual stream: the vector that each token carries through the blocks.</param>
/// <param name="depth">Number of blocks.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TransformerAttribute(int vocabulary, int context, int width, int depth) : Attribute
{
    /// <summary>Number of token ids.</summary>
    public int Vocabulary { get; } = vocabulary;

    /// <summary>Longest sequence, in tokens.</summary>
    public int Context { get; } = context;

    /// <summary>Size of the residual stream.</summary>
    public int Width { get; } = width;

    /// <summary>Number of blocks.</summary>
    public int Depth { get; } = depth;

    /// <summary>How positions are encoded. Default: rotary.</summary>
    public Positions Positions { get; set; } = Positions.Rotary;

    /// <summary>Base of the rotary frequencies: θᵢ = base^(−2i/size). Default: 10,000.</summary>
    public double RotaryBase { get; set; } = 10_000;

    /// <summary>Fraction of each head that is rotated, from the front. Default: 1, the whole head.</summary>
    public double RotaryFraction { get; set; } = 1;

    /// <summary>Normalization at every sublayer and before the head. Default: RMSNorm.</summary>
    public Norm Norm { get; set; } = Norm.RmsNorm;

    /// <summary>Whether a sublayer's norm stands before it, after it, or both. Default: before.</summary>
    public NormPlacement NormPlacement { get; set; } = NormPlacement.Before;

    /// <summary>The ε added inside the root of the normalization. Default: 1e-5.</summary>
    public double NormEpsilon { get; set; } = 1e-5;

    /// <summary>Which linear layers add a bias. Default: none.</summary>
    public Bias Bias { get; set; } = Bias.None;

    /// <summary>Whether the head reuses the token embedding as its weight. Default: false.</summary>
    public bool TieEmbeddings { get; set; }

    /// <summary>
    /// Whether the tokens' vectors are multiplied by √width on their way into the stream, as in Gemma; a tied head takes them as they are.
    /// Default: false.
    /// </summary>
    public bool ScaleEmbeddings { get; set; }

    /// <summary>
    /// What the tokens' vectors are multiplied by, in place of <see cref="ScaleEmbeddings"/>, as in Granite. Default: 1.
    /// </summary>
    public double EmbeddingScale { get; set; } = 1;

    /// <summary>What the logits are multiplied by, before their cap, as in Cohere's Command R. Default: 1.</summary>
    public double LogitScale { get; set; } = 1;

    /// <summary>
    /// Keeps the logits z within ±cap: <c>cap·tanh(z/cap)</c>, as Gemma 2 does (arXiv:2408.00118). Default: no cap.
    /// </summary>
    public double LogitSoftCap { get; set; }

    /// <summary>How the sublayers of a block are joined. Default: one after the other.</summary>
    public Residual Residual { get; set; } = Residual.Sequential;

    /// <summary>
    /// Whether a token sees itself and the tokens before it alone. False makes an encoder, whose tokens see each other in both directions:
    /// it is trained in a loop of one's own, and neither decodes nor learns next tokens. Default: true.
    /// </summary>
    public bool Causal { get; set; } = true;

    /// <summary>
    /// Whether training keeps only the input of every block and runs the block's forward pass once more in the backward pass (Chen et al.,
    /// 2016): a third more time for the memory of all blocks but one. FLOPs are counted without it. Default: false.
    /// </summary>
    public bool ActivationCheckpointing { get; set; }
}
