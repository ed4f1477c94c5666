using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Parsing;

/// <summary>Turns each attribute of the language into its options, with the defaults that the attribute classes document.</summary>
internal static class AttributeParser
{
    // The arguments that say something about a guide alone.
    private static readonly string[] OfGuides = ["phaseOut", "Schedule"];

    // Those that say something about rotary positions alone.
    private static readonly string[] OfRotation = ["RotaryBase", "RotaryFraction"];

    // Those that say something about the balance of experts.
    private static readonly string[] OfBalance = ["Balance", "BalanceWeight", "BiasStep"];

    // Those that latent attention alone has, and those that it can't have.
    private static readonly string[] OfLatents = ["KeyValueHeads", "QueryKeyNorm", "QueryRank", "RotarySize", "ValueSize", "LatentNorm"];

    public static TransformerOptions Transformer(AttributeReader reader) =>
        new(
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
            reader.Named<Residual>("Residual") ?? Residual.Sequential,
            reader.Named<bool>("ActivationCheckpointing") ?? false
        )
        {
            ScaleEmbeddings = reader.Named<bool>("ScaleEmbeddings") ?? false,
            EmbeddingScale = reader.Named<double>("EmbeddingScale"),
            LogitScale = reader.Named<double>("LogitScale"),
            LogitSoftCap = reader.Named<double>("LogitSoftCap"),
            NormPlacement = reader.Named<NormPlacement>("NormPlacement") ?? NormPlacement.Before,
            Causal = reader.Named<bool>("Causal") ?? true,
            Written = new(OfRotation.Where(reader.IsWritten)),
        };

    public static AttentionOptions Attention(AttributeReader reader) =>
        new(
            reader.Argument<int>("heads"),
            reader.Named<int>("KeyValueHeads"),
            reader.Named<int>("HeadSize"),
            reader.Named<QueryKeyNorm>("QueryKeyNorm") ?? QueryKeyNorm.None,
            reader.Named<int>("Window"),
            reader.Text("Layers", whenMissing: "..")
        )
        {
            Positions = reader.Named<Positions>("Positions"),
            RotaryBase = reader.Named<double>("RotaryBase"),
            RotaryFraction = reader.Named<double>("RotaryFraction"),
            KeyValueRank = reader.Named<int>("KeyValueRank"),
            QueryRank = reader.Named<int>("QueryRank"),
            RotarySize = reader.Named<int>("RotarySize"),
            ValueSize = reader.Named<int>("ValueSize"),
            LatentNorm = reader.Named<bool>("LatentNorm") ?? true,
            Written = new(OfLatents.Where(reader.IsWritten)),
            Bias = reader.Named<Projections>("Bias"),
            ScoreScale = reader.Named<double>("ScoreScale"),
            ScoreSoftCap = reader.Named<double>("ScoreSoftCap"),
        };

    public static RotaryScalingOptions RotaryScaling(AttributeReader reader) =>
        new(
            reader.Argument<RotaryScalingType>("type"),
            reader.Argument<double>("factor"),
            reader.Named<int>("OriginalContext"),
            reader.Named<double>("LowFrequencyFactor"),
            reader.Named<double>("HighFrequencyFactor"),
            reader.Named<double>("BetaFast"),
            reader.Named<double>("BetaSlow"),
            reader.Named<double>("AttentionFactor")
        )
        {
            ShortFactors = reader.Numbers("ShortFactors"),
            LongFactors = reader.Numbers("LongFactors"),
        };

    public static FeedForwardOptions FeedForward(AttributeReader reader) =>
        new(
            reader.Argument<int>("hidden"),
            reader.Argument<Activation>("activation"),
            reader.Named<bool>("Gated") ?? false,
            reader.Text("Layers", whenMissing: "..")
        )
        {
            Bias = reader.Named<Projections>("Bias"),
        };

    public static LanguageModelOptions LanguageModel(AttributeReader reader, bool isLanguageModule) =>
        new(reader.Argument<int>("vocabulary"), reader.Argument<int>("context"), reader.Argument<int>("width"), isLanguageModule);

    /// <summary>What <c>[Module]</c> says of the class.</summary>
    public static OwnCosts OwnCosts(AttributeReader reader) =>
        new(
            reader.Named<long>("OwnParameters"),
            reader.Named<long>("OwnFlopsPerRow"),
            reader.Named<long>("KeptPerRow"),
            reader.Named<long>("StateSize")
        );

    public static ExpertOptions Experts(AttributeReader reader) =>
        new(
            reader.Argument<int>("count"),
            reader.Argument<int>("active"),
            reader.Named<int>("Shared"),
            reader.Named<RouterScore>("Router") ?? RouterScore.Softmax,
            reader.Named<bool>("NormalizeWeights"),
            reader.Named<double>("WeightScale") ?? 1,
            reader.Named<Balance>("Balance") ?? Balance.Loss,
            reader.Named<double>("BalanceWeight") ?? 0.01,
            reader.Named<double>("BiasStep") ?? 0.001
        )
        {
            Written = new(OfBalance.Where(reader.IsWritten)),
        };

    public static LowRankOptions LowRank(AttributeReader reader, Target origin, bool isInModule = false)
    {
        if (reader.IsBare)
            return LowRankRecipe.At(origin, isInModule);
        var activation = reader.Named<Activation>("Activation");
        return new(
            origin,
            reader.HasParameter("rank") ? reader.Argument<int>("rank") : null,
            reader.Argument<double>("phaseOut"),
            reader.Text("Layers", whenMissing: ".."),
            reader.Named<Guide>("Guide") ?? LowRankOptions.UsualGuide(activation),
            reader.Named<Schedule>("Schedule") ?? Schedule.Cosine,
            reader.Named<double>("Ratio"),
            reader.Named<Projections>("Projections") ?? Projections.All
        )
        {
            Activation = activation,
            HasResidual = reader.Named<bool>("Residual") ?? false,
            Initialization = reader.Named<Initialization>("Initialization") ?? LowRankOptions.UsualInitialization(activation),
            RebalanceEvery = reader.Named<int>("RebalanceEvery"),
            ProductDecay = reader.Named<double>("ProductDecay"),
            Written = new(OfGuides.Where(reader.IsWritten)),
        };
    }

    public static LoraOptions Lora(AttributeReader reader, Target origin) =>
        new(
            origin,
            reader.Argument<int>("rank"),
            reader.Argument<double>("alpha"),
            reader.Named<double>("Dropout") ?? 0,
            reader.Text("Layers", whenMissing: ".."),
            reader.Named<Projections>("Projections") ?? Projections.All
        );

    public static TrainingRunOptions TrainingRun(AttributeReader reader) =>
        new(
            reader.Argument<long>("tokens"),
            reader.Argument<int>("sequencesPerStep"),
            reader.Named<int>("SequencesPerMicroBatch"),
            reader.Named<OptimizerKind>("Optimizer"),
            reader.Named<double>("LearningRate")
        );

    /// <summary>Every <c>[LowRank]</c> on a symbol, with the place of each.</summary>
    public static IEnumerable<(Target Origin, AttributeData Attribute)> LowRanksOf(ISymbol symbol, string? property = null) =>
        RepeatedOf(symbol, "LowRank", property);

    /// <summary>Every <c>[LoRA]</c> on a symbol, with the place of each.</summary>
    public static IEnumerable<(Target Origin, AttributeData Attribute)> LorasOf(ISymbol symbol, string? property = null) =>
        RepeatedOf(symbol, "LoRA", property);

    /// <summary>Whether a symbol has any of either.</summary>
    public static bool HasLowRanks(ISymbol symbol) => LowRanksOf(symbol).Concat(LorasOf(symbol)).Any();

    private static IEnumerable<(Target Origin, AttributeData Attribute)> RepeatedOf(ISymbol symbol, string name, string? property) =>
        symbol
            .GetAttributes()
            .Where(attribute => LowRankNames.AttributeName(attribute) == name)
            .Select((attribute, index) => (new Target(property, name, Index: index, IsAssembly: symbol is IAssemblySymbol), attribute));

    /// <summary>
    /// Whether it is this part of the class that an attribute stands on. A second one on another part is the compiler's to refuse; it must
    /// not make a second file.
    /// </summary>
    public static bool IsOn(TypeDeclarationSyntax part, Dictionary<string, AttributeData> attributes, string name) =>
        attributes.TryGetValue(name, out var attribute)
        && attribute.ApplicationSyntaxReference is { } reference
        && reference.SyntaxTree == part.SyntaxTree
        && part.Span.Contains(reference.Span);

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
