namespace LowRank;

/// <summary>
/// Declares a causal self-attention sublayer: <c>[batch, sequence, width]</c> to the same shape. Query, key, value and output
/// projections, scores <c>q·k/√headSize</c> unless <see cref="ScoreScale"/> and <see cref="ScoreSoftCap"/> say otherwise.
/// </summary>
/// <remarks>
/// With <see cref="KeyValueRank"/> it is multi-head latent attention (DeepSeek-V2, arXiv:2405.04434, section 2.1): keys and values of all
/// heads are expanded from one latent vector per token, and a cache holds that vector instead of them.
/// </remarks>
/// <param name="heads">Number of query heads. Must divide the width unless <see cref="HeadSize"/> is given.</param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class AttentionAttribute(int heads) : Attribute
{
    /// <summary>Number of query heads.</summary>
    public int Heads { get; } = heads;

    /// <summary>Number of key and value heads; must divide the heads (grouped-query attention). Default: as many as heads.</summary>
    public int KeyValueHeads { get; set; }

    /// <summary>
    /// Size of one head. Default: width / heads. May differ: the attention is then heads × HeadSize wide. Of latent attention, the size of
    /// the part of a query or key that carries content and is not rotated.
    /// </summary>
    public int HeadSize { get; set; }

    /// <summary>Whether queries and keys are normalized before the rotation, and over what. Default: they are not.</summary>
    public QueryKeyNorm QueryKeyNorm { get; set; }

    /// <summary>
    /// Whether queries and keys are rotated by their positions: Rotary or None. Default: as the transformer says. Learned positions are
    /// the transformer's alone.
    /// </summary>
    public Positions Positions { get; set; }

    /// <summary>Base of the rotary frequencies: θᵢ = base^(−2i/size). Default: the transformer's.</summary>
    public double RotaryBase { get; set; }

    /// <summary>Fraction of each head that is rotated, from the front. Default: the transformer's.</summary>
    public double RotaryFraction { get; set; }

    /// <summary>What products of queries and keys are multiplied by. Default: <c>1/√headSize</c>.</summary>
    public double ScoreScale { get; set; }

    /// <summary>
    /// Keeps the scores s within ±cap: <c>cap·tanh(s/cap)</c> before the softmax, as Gemma 2 does (arXiv:2408.00118). Default: no cap.
    /// </summary>
    public double ScoreSoftCap { get; set; }

    /// <summary>
    /// Sliding window in tokens: a token sees itself and the <c>Window − 1</c> tokens before it. Default: every token before it.
    /// </summary>
    public int Window { get; set; }

    /// <summary>
    /// The projections that add a bias, <c>Projections.None</c> among them; of Query, Key and Value, which are one product, all or none.
    /// Default: those that the transformer's Bias names.
    /// </summary>
    public Projections Bias { get; set; }

    /// <summary>
    /// Size of the latent vector from which the keys and values of all heads are expanded. Its presence makes the attention latent: every
    /// head has keys and values of its own, and a cache holds KeyValueRank + <see cref="RotarySize"/> numbers per token. Default: none.
    /// </summary>
    public int KeyValueRank { get; set; }

    /// <summary>
    /// Size of the latent vector from which the queries of latent attention are expanded. Default: none, queries are projected directly.
    /// </summary>
    public int QueryRank { get; set; }

    /// <summary>
    /// Latent attention: elements of each query head that are rotated, and of the one rotated key that all heads share. They come on top of
    /// <see cref="HeadSize"/>: scores are scaled by <c>1/√(HeadSize + RotarySize)</c>. Even, and needed with rotary positions.
    /// </summary>
    public int RotarySize { get; set; }

    /// <summary>Latent attention: size of a head's values. Default: <see cref="HeadSize"/>.</summary>
    public int ValueSize { get; set; }

    /// <summary>
    /// Latent attention: whether the latent vectors are RMS-normalized with a gain before they are expanded, by the transformer's ε.
    /// Default: true, as in DeepSeek-V2.
    /// </summary>
    public bool LatentNorm { get; set; } = true;

    /// <summary>
    /// The blocks that have this sublayer, as C# ranges over the depth: <c>"1.."</c>, <c>"..^1"</c>, several as <c>"..2, ^2.."</c>, every
    /// second as <c>"..:2"</c> (from block 0) or <c>"1..:2"</c> (from block 1). Default: all.
    /// </summary>
    public string Layers { get; set; } = "..";
}
