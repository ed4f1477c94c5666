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
    /// <exception cref="InputException">It is not declared with <c>[Transformer]</c>.</exception>
    public static TransformerDeclaration Of(ModelEntry entry) =>
        Known.GetOrAdd(
            (entry.Assembly, entry.FullName),
            _ =>
            {
                using var model = entry.Create(new ModelOptions { Device = new(TorchSharp.DeviceType.META), Initialize = false });
                return Of(model) ?? throw Undeclared(model, "models", "varied");
            }
        );

    /// <summary>What a live model declares, a dense baseline what its model does; null for one that has no <c>[Transformer]</c>.</summary>
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

    /// <summary>Why something can't be done with a model of which no declaration says what it computes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="what">What can be done so to models declared with <c>[Transformer]</c>: they, or their layers.</param>
    /// <param name="done">What.</param>
    public static InputException Undeclared(LanguageModel model, string what, string done) =>
        new(
            $"{model.Accounting.Model} is {(model is ModuleLanguageModel ? "a [Module] with [LanguageModel], whose forward pass is code of yours" : "written by hand")}; only {what} declared with [Transformer] can be {done}."
        );

    private static bool IsDeclared(Type type) => type.IsDefined(typeof(TransformerAttribute), inherit: false);

    private static TransformerDeclaration Read([DynamicallyAccessedMembers(Properties)] Type type, IEnumerable<string> sublayers)
    {
        var (own, assembly) = (type.GetCustomAttributesData(), type.Assembly.GetCustomAttributesData());
        var attributes = OfLanguage(own);
        return new TransformerDeclaration(
            ShapeOf(type),
            DeclaredOptions.Transformer(Arguments(attributes[nameof(TransformerAttribute)])),
            new(sublayers.Select(sublayer => SublayerOf(type, sublayer)).ToList()),
            LowRanks(own, new Target()),
            attributes.TryGetValue(nameof(TrainingRunAttribute), out var run) ? DeclaredOptions.TrainingRun(Arguments(run)) : null,
            attributes.ContainsKey(nameof(DenseBaselineAttribute)),
            IsIncomplete: false
        )
        {
            AssemblyLowRanks = LowRanks(assembly, new Target(IsAssembly: true)),
            ClassLoras = Loras(own, new Target()),
            AssemblyLoras = Loras(assembly, new Target(IsAssembly: true)),
            RotaryScaling = Scaling(attributes),
            Budget = attributes.TryGetValue(nameof(BudgetAttribute), out var budget) ? DeclaredOptions.Budget(Arguments(budget)) : null,
        };
    }

    private static SublayerDeclaration SublayerOf([DynamicallyAccessedMembers(Properties)] Type type, string name)
    {
        var data = type.GetProperty(name, AnyProperty)!.GetCustomAttributesData();
        var attributes = OfLanguage(data);
        return new SublayerDeclaration(
            new(name, "public partial", "global::LowRank.Sublayer", new(["get"]), true, false, true, false, EquatableArray<string>.Empty),
            attributes.TryGetValue(nameof(AttentionAttribute), out var attention) ? DeclaredOptions.Attention(Arguments(attention)) : null,
            attributes.TryGetValue(nameof(FeedForwardAttribute), out var feedForward)
                ? DeclaredOptions.FeedForward(Arguments(feedForward))
                : null,
            LowRanks(data, new Target(name)),
            attributes.ContainsKey(nameof(DenseAttribute))
        )
        {
            Part = attributes.TryGetValue(nameof(PartAttribute), out var part) ? PartReader.Read(new(part)) : null,
            Loras = Loras(data, new Target(name)),
            Experts = attributes.TryGetValue(nameof(ExpertsAttribute), out var experts)
                ? DeclaredOptions.Experts(Arguments(experts))
                : null,
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

    private static RotaryScalingOptions? Scaling(Dictionary<string, CustomAttributeData> attributes) =>
        attributes.TryGetValue(nameof(RotaryScalingAttribute), out var scaling) ? DeclaredOptions.RotaryScaling(Arguments(scaling)) : null;

    private static AttributeArguments Arguments(CustomAttributeData attribute) => new(attribute);

    private static EquatableArray<LowRankOptions> LowRanks(IEnumerable<CustomAttributeData> data, Target place) =>
        new(
            Repeated(data, nameof(LowRankAttribute))
                .Select((found, index) => DeclaredOptions.LowRank(Arguments(found), place with { Attribute = "LowRank", Index = index }))
        );

    private static EquatableArray<LoraOptions> Loras(IEnumerable<CustomAttributeData> data, Target place) =>
        new(
            Repeated(data, nameof(LoRAAttribute))
                .Select((found, index) => DeclaredOptions.Lora(Arguments(found), place with { Attribute = "LoRA", Index = index }))
        );

    private static IEnumerable<CustomAttributeData> Repeated(IEnumerable<CustomAttributeData> data, string name) =>
        data.Where(attribute => attribute.AttributeType.Namespace == nameof(LowRank) && attribute.AttributeType.Name == name);

    internal static Dictionary<string, CustomAttributeData> OfLanguage(IEnumerable<CustomAttributeData> data) =>
        data.Where(attribute => attribute.AttributeType.Namespace == nameof(LowRank))
            .GroupBy(attribute => attribute.AttributeType.Name)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
}
