using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Parsing;

/// <summary>Turns each attribute of the language into its options, with the defaults that the attribute classes document.</summary>
internal static class AttributeParser
{
    public static TransformerOptions Transformer(AttributeReader reader) => new(
        reader.Argument<int>("vocabulary"),
        reader.Argument<int>("context"),
        reader.Argument<int>("width"),
        reader.Argument<int>("depth"),
        reader.Named<Positions>("Positions") ?? Positions.Rotary,
        reader.Named<double>("RotaryBase") ?? 10_000,
        reader.Named<double>("RotaryFraction") ?? 1,
        reader.Named<Norm>("Norm") ?? Norm.RmsNorm,
        reader.Named<double>("NormEpsilon") ?? 1e-5,
        reader.Named<Bias>("Bias") ?? Bias.None,
        reader.Named<bool>("TieEmbeddings") ?? false,
        reader.Named<Residual>("Residual") ?? Residual.Sequential);

    public static AttentionOptions Attention(AttributeReader reader) => new(
        reader.Argument<int>("heads"),
        reader.Named<int>("KeyValueHeads"),
        reader.Named<int>("HeadSize"),
        reader.Named<bool>("QueryKeyNorm") ?? false);

    public static FeedForwardOptions FeedForward(AttributeReader reader) => new(
        reader.Argument<int>("hidden"),
        reader.Argument<Activation>("activation"),
        reader.Named<bool>("Gated") ?? false);

    public static LowRankOptions LowRank(AttributeReader reader, string? property) => new(
        new Target(property, "LowRank"),
        reader.Argument<int>("rank"),
        reader.Argument<double>("phaseOut"),
        reader.Text("Layers", whenMissing: ".."),
        reader.Named<Guide>("Guide") ?? Guide.Mixed,
        reader.Named<Schedule>("Schedule") ?? Schedule.Cosine);

    public static TrainingRunOptions TrainingRun(AttributeReader reader) => new(
        reader.Argument<long>("tokens"),
        reader.Argument<int>("sequencesPerStep"),
        reader.Named<int>("SequencesPerMicroBatch"));

    /// <summary>The attributes of the language on a symbol, by name; the first where C# has already refused a second.</summary>
    public static Dictionary<string, AttributeData> AttributesOf(ISymbol symbol)
    {
        var attributes = new Dictionary<string, AttributeData>(StringComparer.Ordinal);
        foreach (var attribute in symbol.GetAttributes())
        {
            if (LowRankNames.AttributeName(attribute) is { } name && !attributes.ContainsKey(name))
                attributes.Add(name, attribute);
        }

        return attributes;
    }
}
