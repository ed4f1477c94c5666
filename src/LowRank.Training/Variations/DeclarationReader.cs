using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LowRank.Generator.Model;
using LowRank.Layers;
using LowRank.Models;

namespace LowRank.Training.Variations;

/// <summary>Reads from the attributes of a model's class what the compiler has read from its source.</summary>
internal static class DeclarationReader
{
    private const DynamicallyAccessedMemberTypes Properties =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties;

    private const BindingFlags AnyProperty = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<(string Assembly, string Model), TransformerDeclaration> Known = new();

    /// <summary>What a declared model declares.</summary>
    /// <param name="entry">The model; no variation of one, and no dense baseline.</param>
    /// <exception cref="InputException">It is written by hand.</exception>
    public static TransformerDeclaration Of(ModelEntry entry) =>
        Known.GetOrAdd(
            (entry.Assembly, entry.FullName),
            _ =>
            {
                using var model = entry.Create(new ModelOptions { Device = new(TorchSharp.DeviceType.META), Initialize = false });
                return Of(model)
                    ?? throw new InputException($"{entry.Name} is written by hand; only models declared with [Transformer] can be varied.");
            }
        );

    /// <summary>What a live model declares, a dense baseline what its model does; null for one that is written by hand.</summary>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2072",
        Justification = "The declaring class of a baseline is a LanguageModel, too, and those keep their properties."
    )]
    public static TransformerDeclaration? Of(LanguageModel model)
    {
        if (model is ComposedTransformer composed)
            return composed.Origin.Declaration;
        var type = model.GetType();
        // A dense baseline is nested in the class that declares it.
        if (!IsDeclared(type) && type.DeclaringType is { } declaring)
            type = declaring;
        return IsDeclared(type) ? Read(type, model.Sublayers.Select(sublayer => sublayer.Name)) : null;
    }

    private static bool IsDeclared(Type type) => type.IsDefined(typeof(TransformerAttribute), inherit: false);

    private static TransformerDeclaration Read([DynamicallyAccessedMembers(Properties)] Type type, IEnumerable<string> sublayers)
    {
        var (own, assembly) = (type.GetCustomAttributesData(), type.Assembly.GetCustomAttributesData());
        var attributes = OfLanguage(own);
        return new TransformerDeclaration(
            ShapeOf(type),
            Transformer(new(attributes[nameof(TransformerAttribute)])),
            new(sublayers.Select(sublayer => SublayerOf(type, sublayer)).ToList()),
            LowRanks(own, new Target()),
            attributes.TryGetValue(nameof(TrainingRunAttribute), out var run) ? Run(new(run)) : null,
            attributes.ContainsKey(nameof(DenseBaselineAttribute)),
            IsIncomplete: false
        )
        {
            AssemblyLowRanks = LowRanks(assembly, new Target(IsAssembly: true)),
            ClassLoras = Loras(own, new Target()),
            AssemblyLoras = Loras(assembly, new Target(IsAssembly: true)),
            RotaryScaling = Scaling(attributes),
            Budget = attributes.TryGetValue(nameof(BudgetAttribute), out var budget) ? Budget(new(budget)) : null,
        };
    }

    private static SublayerDeclaration SublayerOf([DynamicallyAccessedMembers(Properties)] Type type, string name)
    {
        var data = type.GetProperty(name, AnyProperty)!.GetCustomAttributesData();
        var attributes = OfLanguage(data);
        return new SublayerDeclaration(
            new(name, "public partial", "global::LowRank.Sublayer", new(["get"]), true, false, true, false, EquatableArray<string>.Empty),
            attributes.TryGetValue(nameof(AttentionAttribute), out var attention) ? Attention(new(attention)) : null,
            attributes.TryGetValue(nameof(FeedForwardAttribute), out var feedForward) ? FeedForward(new(feedForward)) : null,
            LowRanks(data, new Target(name)),
            attributes.ContainsKey(nameof(DenseAttribute))
        )
        {
            Part = attributes.TryGetValue(nameof(PartAttribute), out var part) ? PartReader.Read(new(part)) : null,
            Loras = Loras(data, new Target(name)),
            Experts = attributes.TryGetValue(nameof(ExpertsAttribute), out var experts) ? Experts(new(experts)) : null,
            RotaryScaling = Scaling(attributes),
        };
    }

    // A compiled class has passed the rules about its form.
    private static TypeShape ShapeOf(Type type) =>
        new(
            type.Namespace ?? "",
            EquatableArray<ContainingType>.Empty,
            "class",
            type.Name,
            "",
            IsPartial: true,
            HiddenBy: null,
            Obstacle: null,
            BaseClass: null,
            EquatableArray<string>.Empty,
            EquatableArray<string>.Empty
        );

    private static TransformerOptions Transformer(AttributeArguments arguments) =>
        new(
            arguments.At<int>(0),
            arguments.At<int>(1),
            arguments.At<int>(2),
            arguments.At<int>(3),
            arguments.Named<Positions>("Positions") ?? Positions.Rotary,
            arguments.Named<double>("RotaryBase") ?? 10_000,
            arguments.Named<double>("RotaryFraction") ?? 1,
            arguments.Named<Norm>("Norm") ?? Norm.RmsNorm,
            arguments.Named<double>("NormEpsilon") ?? 1e-5,
            arguments.Named<Bias>("Bias") ?? Bias.None,
            arguments.Named<bool>("TieEmbeddings") ?? false,
            arguments.Named<Residual>("Residual") ?? Residual.Sequential,
            arguments.Named<bool>("ActivationCheckpointing") ?? false
        )
        {
            ScaleEmbeddings = arguments.Named<bool>("ScaleEmbeddings") ?? false,
            EmbeddingScale = arguments.Named<double>("EmbeddingScale"),
            LogitScale = arguments.Named<double>("LogitScale"),
            LogitSoftCap = arguments.Named<double>("LogitSoftCap"),
            NormPlacement = arguments.Named<NormPlacement>("NormPlacement") ?? NormPlacement.Before,
            Causal = arguments.Named<bool>("Causal") ?? true,
        };

    private static AttentionOptions Attention(AttributeArguments arguments) =>
        new(
            arguments.At<int>(0),
            arguments.Named<int>("KeyValueHeads"),
            arguments.Named<int>("HeadSize"),
            arguments.Named<QueryKeyNorm>("QueryKeyNorm") ?? QueryKeyNorm.None,
            arguments.Named<int>("Window"),
            arguments.Text("Layers", whenMissing: "..")
        )
        {
            Positions = arguments.Named<Positions>("Positions"),
            RotaryBase = arguments.Named<double>("RotaryBase"),
            RotaryFraction = arguments.Named<double>("RotaryFraction"),
            KeyValueRank = arguments.Named<int>("KeyValueRank"),
            QueryRank = arguments.Named<int>("QueryRank"),
            RotarySize = arguments.Named<int>("RotarySize"),
            ValueSize = arguments.Named<int>("ValueSize"),
            LatentNorm = arguments.Named<bool>("LatentNorm") ?? true,
            Bias = arguments.Named<Projections>("Bias"),
            ScoreScale = arguments.Named<double>("ScoreScale"),
            ScoreSoftCap = arguments.Named<double>("ScoreSoftCap"),
        };

    private static RotaryScalingOptions? Scaling(Dictionary<string, CustomAttributeData> attributes)
    {
        if (!attributes.TryGetValue(nameof(RotaryScalingAttribute), out var scaling))
            return null;
        var arguments = new AttributeArguments(scaling);
        return new(
            arguments.At<RotaryScalingType>(0),
            arguments.At<double>(1),
            arguments.Named<int>("OriginalContext"),
            arguments.Named<double>("LowFrequencyFactor"),
            arguments.Named<double>("HighFrequencyFactor"),
            arguments.Named<double>("BetaFast"),
            arguments.Named<double>("BetaSlow"),
            arguments.Named<double>("AttentionFactor")
        )
        {
            ShortFactors = arguments.Numbers("ShortFactors"),
            LongFactors = arguments.Numbers("LongFactors"),
        };
    }

    private static FeedForwardOptions FeedForward(AttributeArguments arguments) =>
        new(
            arguments.At<int>(0),
            arguments.At<Activation>(1),
            arguments.Named<bool>("Gated") ?? false,
            arguments.Text("Layers", whenMissing: "..")
        )
        {
            Bias = arguments.Named<Projections>("Bias"),
        };

    private static ExpertOptions Experts(AttributeArguments arguments) =>
        new(
            arguments.At<int>(0),
            arguments.At<int>(1),
            arguments.Named<int>("Shared"),
            arguments.Named<RouterScore>("Router") ?? RouterScore.Softmax,
            arguments.Named<bool>("NormalizeWeights"),
            arguments.Named<double>("WeightScale") ?? 1,
            arguments.Named<Balance>("Balance") ?? Balance.Loss,
            arguments.Named<double>("BalanceWeight") ?? 0.01,
            arguments.Named<double>("BiasStep") ?? 0.001
        );

    private static EquatableArray<LowRankOptions> LowRanks(IEnumerable<CustomAttributeData> data, Target place) =>
        new(
            Repeated(data, nameof(LowRankAttribute))
                .Select((found, index) => LowRank(new(found), place with { Attribute = "LowRank", Index = index }))
        );

    /// <summary>What one <c>[LowRank]</c> says.</summary>
    internal static LowRankOptions LowRank(AttributeArguments arguments, Target origin, bool isInModule = false)
    {
        // Of the two constructors one has no rank; a valid declaration without a ratio is then the recipe.
        var hasRank = arguments.Count == 2;
        if (!hasRank && arguments.HasNoNamed)
            return LowRankRecipe.At(origin, isInModule);
        var activation = arguments.Named<Activation>("Activation");
        return new(
            origin,
            hasRank ? arguments.At<int>(0) : null,
            arguments.At<double>(hasRank ? 1 : 0),
            arguments.Text("Layers", whenMissing: ".."),
            arguments.Named<Guide>("Guide") ?? LowRankOptions.UsualGuide(activation),
            arguments.Named<Schedule>("Schedule") ?? Schedule.Cosine,
            arguments.Named<double>("Ratio"),
            arguments.Named<Projections>("Projections") ?? Projections.All
        )
        {
            Activation = activation,
            HasResidual = arguments.Named<bool>("Residual") ?? false,
            Initialization = arguments.Named<Initialization>("Initialization") ?? LowRankOptions.UsualInitialization(activation),
            RebalanceEvery = arguments.Named<int>("RebalanceEvery"),
            ProductDecay = arguments.Named<double>("ProductDecay"),
        };
    }

    private static EquatableArray<LoraOptions> Loras(IEnumerable<CustomAttributeData> data, Target place) =>
        new(
            Repeated(data, nameof(LoRAAttribute))
                .Select((found, index) => Lora(new(found), place with { Attribute = "LoRA", Index = index }))
        );

    /// <summary>What one <c>[LoRA]</c> says.</summary>
    internal static LoraOptions Lora(AttributeArguments arguments, Target origin) =>
        new(
            origin,
            arguments.At<int>(0),
            arguments.At<double>(1),
            arguments.Named<double>("Dropout") ?? 0,
            arguments.Text("Layers", whenMissing: ".."),
            arguments.Named<Projections>("Projections") ?? Projections.All
        );

    private static TrainingRunOptions Run(AttributeArguments arguments) =>
        new(
            arguments.At<long>(0),
            arguments.At<int>(1),
            arguments.Named<int>("SequencesPerMicroBatch"),
            arguments.Named<OptimizerKind>("Optimizer"),
            arguments.Named<double>("LearningRate")
        );

    private static BudgetOptions Budget(AttributeArguments arguments) =>
        new(
            new(
                Enum.GetValues<BudgetQuantity>()
                    .Select(quantity =>
                        quantity == BudgetQuantity.TrainingFlops
                            ? arguments.Named<double>(quantity.ToString()) is { } flops
                                ? BudgetLimit.Of(quantity, flops)
                                : null
                            : arguments.Named<long>(quantity.ToString()) is { } value
                                ? BudgetLimit.Of(quantity, value)
                                : null
                    )
                    .OfType<BudgetLimit>()
            ),
            arguments.Named<int>("DecodeSequences") ?? 1
        );

    private static IEnumerable<CustomAttributeData> Repeated(IEnumerable<CustomAttributeData> data, string name) =>
        data.Where(attribute => attribute.AttributeType.Namespace == nameof(LowRank) && attribute.AttributeType.Name == name);

    internal static Dictionary<string, CustomAttributeData> OfLanguage(IEnumerable<CustomAttributeData> data) =>
        data.Where(attribute => attribute.AttributeType.Namespace == nameof(LowRank))
            .GroupBy(attribute => attribute.AttributeType.Name)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
}
