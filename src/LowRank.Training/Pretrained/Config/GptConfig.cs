using LowRank.Training.Json;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Config;

/// <summary>
/// What the <c>config.json</c> of GPT-2, GPT-Neo and GPT-NeoX say alike under names of their own: LayerNorm with a bias, a feed-forward
/// without a gate, a key and a value for every head.
/// </summary>
/// <param name="Width">The key of the width.</param>
/// <param name="Depth">That of the number of blocks.</param>
/// <param name="Heads">That of the number of heads.</param>
/// <param name="Context">That of the context.</param>
/// <param name="Hidden">That of the hidden size.</param>
/// <param name="Activation">That of the activation.</param>
/// <param name="Epsilon">That of the norms' ε.</param>
/// <param name="UsualActivation">The activation where none is given.</param>
/// <param name="MayLackHidden">Whether the hidden size may be left out, for four times the width.</param>
internal sealed record GptConfig(
    string Width,
    string Depth,
    string Heads,
    string Context,
    string Hidden,
    string Activation,
    string Epsilon,
    string UsualActivation,
    bool MayLackHidden
)
{
    /// <summary>Reads it; what it leaves out has the library's defaults. Positions are learned, and linear layers have no bias.</summary>
    public TransformerFacts Read(ConfigValues values)
    {
        var (width, depth, heads) = (values.Whole(Width), values.Whole(Depth, ConfigValues.MostBlocks), values.Whole(Heads));
        var activation = values.Text(Activation) ?? UsualActivation;
        values.Refuse(ActivationNames.Read(activation) is null, $"{Activation} is {ShownText.Of(activation)}, which can't be declared");
        values.Refuse(width % heads != 0, $"{Heads} {heads} does not divide {Width} {width}");
        return new TransformerFacts
        {
            Vocabulary = values.Whole("vocab_size"),
            Context = values.Whole(Context),
            Width = width,
            Depth = depth,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = width / heads,
            QueryKeyNorm = QueryKeyNorm.None,
            Windows = new int?[depth],
            ScoreScales = new double?[depth],
            ScoreSoftCaps = new double?[depth],
            Hidden = MayLackHidden ? values.OptionalWhole(Hidden) ?? 4 * width : values.Whole(Hidden),
            Activation = ActivationNames.Read(activation) ?? LowRank.Activation.Gelu,
            Gated = false,
            Norm = Norm.LayerNorm,
            NormBias = true,
            NormEpsilon = values.Positive(Epsilon) ?? 1e-5,
            LearnedPositions = true,
            Rotations = new RotationFacts?[depth],
            Residual = Residual.Sequential,
            Biases = Projections.None,
            TiedHead = values.Flag("tie_word_embeddings", absent: true),
        };
    }
}
