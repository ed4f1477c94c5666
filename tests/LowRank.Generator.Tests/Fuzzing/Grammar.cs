namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>The attributes of the language: their arguments, and values that are right more often than not.</summary>
internal static class Grammar
{
    private static readonly string[] SmallSizes = ["1", "2", "3", "4", "8"];
    private static readonly string[] Widths = ["8", "48", "64", "64", "64", "512"];
    private static readonly string[] Counts = ["1", "2", "3", "4", "4", "12", "1_000"];

    /// <summary>Constructor parameters and named arguments of each attribute.</summary>
    public static readonly IReadOnlyDictionary<string, Parameter[]> Attributes = new Dictionary<string, Parameter[]>
    {
        ["Transformer"] =
        [
            new("vocabulary", ValueKind.Size, Widths),
            new("context", ValueKind.Size, Widths),
            new("width", ValueKind.Size, Widths),
            new("depth", ValueKind.Size, Counts),
            new("Positions", ValueKind.Positions, ["Positions.Rotary", "Positions.Learned", "Positions.None"]),
            new("RotaryBase", ValueKind.Real, ["10_000", "5e5"]),
            new("RotaryFraction", ValueKind.Real, ["0.25", "0.5", "1"]),
            new("Norm", ValueKind.Norm, ["Norm.RmsNorm", "Norm.LayerNorm"]),
            new("NormPlacement", ValueKind.NormPlacement, ["NormPlacement.Before", "NormPlacement.After", "NormPlacement.Both"]),
            new("NormEpsilon", ValueKind.Real, ["1e-6", "1e-5"]),
            new("ScaleEmbeddings", ValueKind.Truth, ["true", "false"]),
            new("EmbeddingScale", ValueKind.Real, ["12", "0.5"]),
            new("LogitScale", ValueKind.Real, ["0.0625", "2"]),
            new("LogitSoftCap", ValueKind.Real, ["30", "2.5"]),
            new("Bias", ValueKind.Bias, ["Bias.None", "Bias.All", "Bias.QueryKeyValue"]),
            new("TieEmbeddings", ValueKind.Truth, ["true", "false"]),
            new("ActivationCheckpointing", ValueKind.Truth, ["true", "false"]),
            new("Causal", ValueKind.Truth, ["true", "false"]),
            new("Residual", ValueKind.Residual, ["Residual.Sequential", "Residual.Parallel"]),
        ],
        ["Attention"] =
        [
            new("heads", ValueKind.Size, SmallSizes),
            new("KeyValueHeads", ValueKind.Size, SmallSizes),
            new("HeadSize", ValueKind.Size, ["8", "16"]),
            new("QueryKeyNorm", ValueKind.QueryKeyNorm, ["QueryKeyNorm.None", "QueryKeyNorm.Head", "QueryKeyNorm.Projection"]),
            new("Positions", ValueKind.Positions, ["Positions.Rotary", "Positions.None"]),
            new("RotaryBase", ValueKind.Real, ["10_000", "1e6"]),
            new("RotaryFraction", ValueKind.Real, ["0.25", "0.5", "1"]),
            new("Bias", ValueKind.Projections, ["Projections.None", "Projections.Output", "Projections.All"]),
            new("ScoreScale", ValueKind.Real, ["1", "0.0625"]),
            new("ScoreSoftCap", ValueKind.Real, ["50", "1.5"]),
            new("Window", ValueKind.Size, ["4", "8"]),
            new("KeyValueRank", ValueKind.Size, SmallSizes),
            new("QueryRank", ValueKind.Size, SmallSizes),
            new("RotarySize", ValueKind.Size, ["2", "4", "8"]),
            new("ValueSize", ValueKind.Size, ["4", "8", "16"]),
            new("LatentNorm", ValueKind.Truth, ["true", "false"]),
            new("Layers", ValueKind.Layers, ["\"..\"", "\"..:2\"", "\"1..\""]),
        ],
        ["FeedForward"] =
        [
            new("hidden", ValueKind.Size, ["32", "64", "256"]),
            new("activation", ValueKind.Activation, ["Activation.Silu", "Activation.Gelu", "Activation.ReluSquared"], IsOptional: true),
            new("Gated", ValueKind.Truth, ["true", "false"]),
            new("Bias", ValueKind.Projections, ["Projections.None", "Projections.Down", "Projections.All"]),
            new("Layers", ValueKind.Layers, ["\"..\"", "\"1..:2\"", "\"..^1\""]),
        ],
        ["Experts"] =
        [
            new("count", ValueKind.Size, ["2", "3", "4", "8"]),
            new("active", ValueKind.Size, ["1", "2", "2"]),
            new("Shared", ValueKind.Size, ["1", "2"]),
            new("Router", ValueKind.RouterScore, ["RouterScore.Softmax", "RouterScore.Sigmoid"]),
            new("NormalizeWeights", ValueKind.Truth, ["false", "true"]),
            new("WeightScale", ValueKind.Real, ["1", "2.5"]),
            new("Balance", ValueKind.Balance, ["Balance.Loss", "Balance.Bias", "Balance.None"]),
            new("BalanceWeight", ValueKind.Real, ["0.01"]),
            new("BiasStep", ValueKind.Real, ["0.001"]),
        ],
        ["RotaryScaling"] =
        [
            new(
                "type",
                ValueKind.RotaryScalingType,
                ["RotaryScalingType.Linear", "RotaryScalingType.Llama3", "RotaryScalingType.Yarn", "RotaryScalingType.LongRope"]
            ),
            new("factor", ValueKind.Real, ["8", "2.5"]),
            new("OriginalContext", ValueKind.Size, ["8", "64"]),
            new("LowFrequencyFactor", ValueKind.Real, ["1", "0.5"]),
            new("HighFrequencyFactor", ValueKind.Real, ["4", "2"]),
            new("BetaFast", ValueKind.Real, ["32", "16"]),
            new("BetaSlow", ValueKind.Real, ["1", "0.5"]),
            new("AttentionFactor", ValueKind.Real, ["1", "1.2"]),
            new("ShortFactors", ValueKind.Reals, ["new double[] { 1, 1 }", "new double[] { 1, 1.5, 2, 2 }", "new double[0]"]),
            new("LongFactors", ValueKind.Reals, ["new double[] { 1, 2 }", "new double[] { 1, 2, 4, 8 }"]),
        ],
        ["LowRank"] =
        [
            new("rank", ValueKind.Size, SmallSizes, IsOptional: true),
            new("phaseOut", ValueKind.Real, ["0.5", "1", "0.25"], IsOptional: true),
            new("Ratio", ValueKind.Real, ["0.25", "0.5"]),
            new("Layers", ValueKind.Layers, ["\"..\"", "\"1..\"", "\"..^1\""]),
            new(
                "Projections",
                ValueKind.Projections,
                [
                    "Projections.All",
                    "Projections.Up | Projections.Down",
                    "Projections.Query",
                    "Projections.KeyValueDown",
                    "Projections.Gate",
                ]
            ),
            new("Guide", ValueKind.Guide, ["Guide.Mixed", "Guide.Sampled", "Guide.None"]),
            new("Schedule", ValueKind.Schedule, ["Schedule.Cosine", "Schedule.Linear"]),
            new("Activation", ValueKind.Activation, ["Activation.Silu", "Activation.Relu", "Activation.GeluTanh"]),
            new("Residual", ValueKind.Truth, ["true", "false"]),
            new(
                "Initialization",
                ValueKind.Initialization,
                ["Initialization.Spectral", "Initialization.Orthogonal", "Initialization.Gaussian", "Initialization.Pretrained"]
            ),
            new("RebalanceEvery", ValueKind.Size, ["1", "500"]),
            new("ProductDecay", ValueKind.Real, ["0.01", "1e-4"]),
        ],
        ["TrainingRun"] =
        [
            new("tokens", ValueKind.Long, ["1_000_000"]),
            new("sequencesPerStep", ValueKind.Size, ["16"]),
            new("SequencesPerMicroBatch", ValueKind.Size, ["4", "8"]),
            new("Optimizer", ValueKind.OptimizerKind, ["OptimizerKind.AdamW", "OptimizerKind.Muon", "OptimizerKind.GaLore"]),
            new("LearningRate", ValueKind.Real, ["1e-3", "8e-3"]),
        ],
        ["Budget"] =
        [
            new("Parameters", ValueKind.Long, ["1_000_000_000"]),
            new("ActiveParameters", ValueKind.Long, ["1_000_000_000"]),
            new("ParametersAtStart", ValueKind.Long, ["1_000_000_000"]),
            new("ForwardFlopsPerToken", ValueKind.Long, ["1_000_000_000_000"]),
            new("TrainingFlops", ValueKind.Real, ["1e21"]),
            new("TrainingMemory", ValueKind.Long, ["1_000_000_000_000"]),
            new("DecodeMemory", ValueKind.Long, ["1_000_000_000_000"]),
            new("DecodeSequences", ValueKind.Size, SmallSizes),
        ],
        ["DenseBaseline"] = [],
        ["Dense"] = [],
        ["Module"] =
        [
            new("OwnParameters", ValueKind.Long, ["0", "64"]),
            new("OwnFlopsPerRow", ValueKind.Long, ["0", "1_000"]),
            new("KeptPerRow", ValueKind.Long, ["64"]),
            new("StateSize", ValueKind.Long, ["64"]),
        ],
        ["LanguageModel"] =
        [
            new("vocabulary", ValueKind.Size, Widths),
            new("context", ValueKind.Size, Widths),
            new("width", ValueKind.Size, Widths),
        ],
        ["Linear"] =
        [
            new("inputs", ValueKind.Size, Widths),
            new("outputs", ValueKind.Size, Widths),
            new("Bias", ValueKind.Truth, ["true", "false"]),
            new("Count", ValueKind.Size, SmallSizes),
        ],
        ["Embedding"] =
        [
            new("rows", ValueKind.Size, Widths),
            new("width", ValueKind.Size, Widths),
            new("Count", ValueKind.Size, SmallSizes),
        ],
        ["Normalization"] =
        [
            new("width", ValueKind.Size, Widths),
            new("Epsilon", ValueKind.Real, ["1e-6", "1e-5"]),
            new("Bias", ValueKind.Truth, ["true", "false"]),
            new("Count", ValueKind.Size, SmallSizes),
        ],
        ["Part"] =
        [
            new("module", ValueKind.Class, ["typeof(Mixer)"], IsOptional: true),
            new("Count", ValueKind.Size, SmallSizes),
            new("Layers", ValueKind.Layers, ["\"..\"", "\"1..\""]),
        ],
    };

    public static IReadOnlyList<string> Names { get; } = [.. Attributes.Keys];

    /// <summary>An attribute with its required arguments and a few of the others.</summary>
    /// <param name="name">Which.</param>
    /// <param name="dice">The case's chance.</param>
    /// <param name="without">Named arguments that are left out.</param>
    public static AttributeSketch Attribute(string name, Dice dice, params string[] without)
    {
        var attribute = new AttributeSketch(name);
        var isLabeled = dice.OneIn(2);
        foreach (var parameter in Attributes[name])
        {
            if (without.Contains(parameter.Name) || ((parameter.IsNamed || parameter.IsOptional) && !dice.OneIn(6)))
                continue;
            isLabeled |= parameter.IsOptional;
            attribute.Arguments.Add(Argument(parameter, dice.Of(parameter.Right), isLabeled));
        }

        return attribute;
    }

    public static ArgumentSketch Argument(Parameter parameter, string value, bool isLabeled) =>
        new(
            parameter.IsNamed ? $"{parameter.Name} = "
                : isLabeled ? $"{parameter.Name}: "
                : "",
            value,
            parameter.Kind
        );
}

/// <summary>A parameter of an attribute's constructor, or one of its properties.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it should be.</param>
/// <param name="Right">Values that are right in most places.</param>
/// <param name="IsOptional">Whether a parameter may be left out; properties always may.</param>
internal sealed record Parameter(string Name, ValueKind Kind, string[] Right, bool IsOptional = false)
{
    public bool IsNamed => char.IsUpper(Name[0]);
}
