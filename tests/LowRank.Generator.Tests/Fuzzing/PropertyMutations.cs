namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Properties of another form, type or name than a sublayer's or a layer's.</summary>
internal static class PropertyMutations
{
    public static readonly IReadOnlyList<Action<Sketch, Dice>> All = [Modifiers, Type, Name, Name, Accessors, Duplicate, Remove, Document];

    private static readonly string[] AllModifiers =
    [
        "public",
        "partial",
        "private partial",
        "internal partial",
        "protected partial",
        "protected internal partial",
        "private protected partial",
        "public static partial",
        "public virtual partial",
        "public override partial",
        "public abstract partial",
        "public sealed override partial",
        "public new partial",
        "public required partial",
        "public unsafe partial",
        "public readonly partial",
        "public extern partial",
        "partial public",
        "file partial",
        "",
        "public partial partial",
        "static partial",
        "new partial",
        "async partial",
        "const partial",
    ];

    private static readonly string[] Types =
    [
        "Sublayer",
        "Sublayer?",
        "LowRank.Sublayer",
        "global::LowRank.Sublayer",
        "int",
        "object",
        "Missing",
        "List<Sublayer>",
        "IReadOnlyList<LinearLayer>",
        "IReadOnlyList<Sublayer>",
        "LinearLayer",
        "LinearLayer?",
        "RmsNorm",
        "LayerNorm",
        "Embedding",
        "T",
        "dynamic",
        "var",
        "void",
        "Sublayer[]",
        "ref Sublayer",
        "ref readonly Sublayer",
        "(Sublayer, int)",
        "Model",
        "Second",
        "Alias",
        "System.Threading.Tasks.Task<Sublayer>",
        "int*",
        "",
        "IReadOnlyList<>",
        "IReadOnlyList<LinearLayer?>",
        "IReadOnlyList<Model>",
        "IReadOnlyList<IReadOnlyList<LinearLayer>>",
        "ModelPart",
        "IReadOnlyList<ModelPart>",
        "Module",
        "DeclaredModule",
        "LanguageModel",
        "System.Action<int, Missing>",
        "delegate*<int, void>",
        "Sublayer<int>",
        "IReadOnlyList<dynamic>",
        "IReadOnlyList<int*>",
        "IReadOnlyList<LinearLayer>?",
        "Nested",
        "Model.Nested",
    ];

    private static readonly string[] AllAccessors =
    [
        "{ get; set; }",
        "{ get; init; }",
        "{ get; private set; }",
        "{ private get; set; }",
        "{ set; }",
        "{ init; }",
        "{ }",
        "=> null!;",
        "{ get => null!; }",
        "{ get; } = null!;",
        "{ readonly get; }",
        "{ [System.Obsolete] get; }",
        "{ get; get; }",
        ";",
        "{ add; remove; }",
        "{ get",
        "{ get; set }",
        "{ get; } { get; }",
        "{ get; } =",
        "{ get { return null!; } }",
        "{ private protected get; set; }",
        "{ get => field; }",
        "{ get; set => field = value; }",
    ];

    private static void Modifiers(Sketch sketch, Dice dice) => Change(sketch, dice, property => property.Modifiers = dice.Of(AllModifiers));

    private static void Type(Sketch sketch, Dice dice) =>
        Change(
            sketch,
            dice,
            property =>
            {
                property.Type = dice.Of(Types);
                if (property.Type == "Alias")
                    sketch.Usings.Add("using Alias = LowRank.Sublayer;");
            }
        );

    private static void Name(Sketch sketch, Dice dice) => Change(sketch, dice, property => property.Name = OddNames.Draw(dice));

    private static void Accessors(Sketch sketch, Dice dice) => Change(sketch, dice, property => property.Accessors = dice.Of(AllAccessors));

    private static void Document(Sketch sketch, Dice dice) =>
        Change(sketch, dice, property => property.Documentation = OddDocumentation.Draw(dice));

    private static void Duplicate(Sketch sketch, Dice dice)
    {
        var type = dice.Of(sketch.Classes);
        if (type.Properties.Count > 0)
            type.Properties.Add(dice.Of(type.Properties));
    }

    private static void Remove(Sketch sketch, Dice dice)
    {
        var type = dice.Of(sketch.Classes);
        if (type.Properties.Count > 0)
            type.Properties.RemoveAt(dice.Below(type.Properties.Count));
    }

    private static void Change(Sketch sketch, Dice dice, Action<PropertySketch> change)
    {
        var properties = sketch.Properties.ToList();
        if (properties.Count > 0)
            change(dice.Of(properties));
    }
}
