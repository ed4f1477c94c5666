namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>Every way in which C# lets a class be written, and some in which it doesn't.</summary>
internal static class ClassMutations
{
    public static readonly IReadOnlyList<Action<Sketch, Dice>> All =
    [
        Modifiers,
        Keyword,
        Name,
        Rest,
        Nest,
        NestTwice,
        Part,
        Twin,
        TwinOfOtherArity,
        OtherCase,
        AddMember,
        NameMember,
        Document,
    ];

    private static readonly string[] AllModifiers =
    [
        "public",
        "partial",
        "internal partial",
        "public static partial",
        "public abstract partial",
        "public sealed partial",
        "file partial",
        "private partial",
        "protected partial",
        "public unsafe partial",
        "partial public",
        "public partial partial",
        "public readonly partial",
        "public ref partial",
        "public new partial",
        "",
        "file static partial",
        "protected internal partial",
        "private protected partial",
        "async partial",
    ];

    private static readonly string[] Keywords =
    [
        "record",
        "record class",
        "struct",
        "record struct",
        "interface",
        "enum",
        "delegate",
        "ref struct",
        "readonly struct",
        "event",
        "clas",
    ];

    private static readonly string[] Rests =
    [
        "<T>",
        "<T> where T : class",
        "<in T>",
        "<T, U>",
        "<[System.Obsolete] T>",
        "<>",
        "<T",
        ": object",
        ": System.IDisposable",
        ": Missing",
        ": LanguageModel",
        ": DeclaredModule",
        ": Model",
        ": System.Attribute",
        "(int x)",
        "()",
        "(int x) : object()",
        ": System.Exception",
        ":",
        ": IReadOnlyList<int>",
        "where T : new()",
        ": System.ICloneable, System.IDisposable",
        ": Second",
        ": TorchSharp.torch.nn.Module",
        "(int vocabulary = 1, string s = \"{\")",
        ": dynamic",
        ": T",
    ];

    private static readonly string[] Headers =
    [
        "public partial class Outer",
        "partial struct Outer",
        "partial record Outer",
        "partial interface Outer",
        "public class Outer",
        "partial class Outer<T>",
        "static partial class Outer",
        "file partial class Outer",
        "partial record struct Outer",
        "partial class Cost",
        "partial class @class",
        "partial class LowRank",
        "partial class System",
        "partial class Layers",
        "partial class Model",
        "partial class Outer<T> where T : class",
        "partial interface Outer<out T>",
        "internal abstract partial class Outer",
        "partial class Outer(int x)",
        "partial record Outer(int Model)",
        "readonly partial struct Outer",
        "ref partial struct Outer",
        "unsafe partial class Outer<T, U>",
        "partial class",
        "partial enum Outer",
        "sealed partial class Torch : System.IDisposable",
        "partial class Outer : Missing",
        "partial class TorchSharp",
        "private partial class Outer",
        "partial class Outer<@class>",
        "partial class Outer<[System.Obsolete] T>",
    ];

    private static readonly string[] Shapes =
    [
        "public const int {0} = 1;",
        "public void {0}() {{ }}",
        "private class {0};",
        "public int {0} => 1;",
        "private int {0};",
        "public event System.Action {0};",
        "private enum {0} {{ A }}",
        "private delegate void {0}();",
        "public static readonly string {0} = \"\";",
        "public T {0}<T>(T value) => value;",
        "public partial int {0} {{ get; }}",
        "private interface {0};",
        "public partial class {0} {{ }}",
        "public int {0}(int {0}) => {0};",
        "public Sublayer {0} {{ get; set; }} = null!;",
        "public partial Sublayer {0} {{ get; }}",
        "[Dense] public Sublayer {0} {{ get; }} = null!;",
        "public static int {0} {{ get; }}",
        "public struct {0};",
        "public int {0}, {0}2;",
    ];

    private static readonly string[] Members =
    [
        "public Model(ModelOptions options) { }",
        "public Model(ModelOptions? options = null) { }",
        "public Model() { }",
        "~Model() { }",
        "static Model() { }",
        "public Model(int x) { }",
        "private Model(ModelOptions options, int x) { }",
        "public override string ToString() => \"\";",
        "protected override void Dispose(bool disposing) { }",
        "public void Dispose() { }",
        "public partial void Go();",
        "partial void Go();",
        "public static implicit operator int(Model m) => 1;",
        "public int this[int i] => i;",
        "[Attention(4)] public int this[int i] => i;",
        "[Attention(4)] public Sublayer Auto { get; }",
        "partial void OnCreated(ModelOptions options) { }",
        "partial void OnCreated(ModelOptions o);",
        "private int OnCreated => 1;",
        "void OnCreated(ModelOptions options) { }",
        "static partial void OnCreated(ModelOptions options) { }",
        "public new int GetHashCode() => 0;",
        "[Attention(4)] public Sublayer field;",
        "[LowRank(4)] public void Method() { }",
        "public TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x;",
        "public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x;",
        "public static bool operator ==(Model a, Model b) => true;",
        "[Transformer(8, 8, 8, 1)] public partial class Nested { [Attention(1)] public partial Sublayer A { get; } }",
        "[Module] public partial class Nested { [Linear(4, 4)] public partial LinearLayer L { get; } }",
        "public class Dense;",
        "public class FlopMatched;",
        "Sublayer LowRank.Missing.Explicit { get; }",
        "object System.ICloneable.Clone() => this;",
        "public required int Needed { get; set; }",
        "public static void Main() { }",
        "public int Attention;",
        "public void FeedForward() { }",
        "public override int Vocabulary => 3;",
        "#if false\n",
        "#error stop",
        "#endif",
        "#nullable disable",
        "#region",
        "[module: System.CLSCompliant(false)]",
        "const string dec = nameof(Attention);",
        "public Model Self => this;",
        "public partial Sublayer Attention => null!;",
        "public partial Sublayer Attention { get => null!; }",
        "public partial Sublayer FeedForward { get => null!; }",
        "public partial LinearLayer Linear1 { get => null!; }",
        "[Module, Transformer(1, 1, 1, 1)] enum E { }",
        "public extern int Far();",
        "public int forward => 3;",
        "private static class LinearLayer;",
        "public ref int Ref(ref int x) => ref x;",
        "{",
        "}",
        "public",
        "static int Layers(this Model m) => 1;",
    ];

    private static void Modifiers(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Modifiers = dice.Of(AllModifiers);

    private static void Keyword(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Keyword = dice.Of(Keywords);

    private static void Name(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Name = dice.OneIn(10) ? "" : OddNames.Draw(dice);

    private static void Rest(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Rest += dice.Of(Rests);

    private static void Nest(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Around.Add(dice.Of(Headers));

    private static void NestTwice(Sketch sketch, Dice dice)
    {
        Nest(sketch, dice);
        Nest(sketch, dice);
    }

    private static void Part(Sketch sketch, Dice dice)
    {
        var type = dice.Of(sketch.Classes);
        var part = new ClassSketch(type.Name)
        {
            Modifiers = dice.OneIn(4) ? dice.Of(AllModifiers) : type.Modifiers,
            Keyword = dice.OneIn(8) ? dice.Of(Keywords) : type.Keyword,
        };
        part.Around.AddRange(type.Around);
        if (dice.OneIn(3))
            part.Rest = dice.Of(Rests);
        if (dice.OneIn(2) && type.Attributes.Count > 0)
            part.Attributes.Add(dice.Of(type.Attributes).Copy());
        if (dice.OneIn(2) && type.Properties.Count > 1)
        {
            part.Properties.Add(type.Properties[^1]);
            type.Properties.RemoveAt(type.Properties.Count - 1);
        }

        sketch.Classes.Insert(dice.Below(sketch.Classes.Count + 1), part);
    }

    // The same full name once more.
    private static void Twin(Sketch sketch, Dice dice) => AddTwin(sketch, dice, type => type.Rest);

    private static void TwinOfOtherArity(Sketch sketch, Dice dice) => AddTwin(sketch, dice, _ => dice.Of(["<T>", "<T, U>"]));

    private static void AddTwin(Sketch sketch, Dice dice, Func<ClassSketch, string> rest)
    {
        var type = dice.Of(sketch.Classes);
        var twin = new ClassSketch(type.Name)
        {
            Modifiers = type.Modifiers,
            Keyword = type.Keyword,
            Rest = rest(type),
        };
        twin.Around.AddRange(type.Around);
        twin.Attributes.AddRange(type.Attributes.Select(attribute => attribute.Copy()));
        twin.Properties.AddRange(type.Properties);
        if (dice.OneIn(3))
            twin.Around.Add(dice.Of(Headers));
        sketch.Classes.Add(twin);
        sketch.Files = 1 + dice.Below(3);
    }

    private static void OtherCase(Sketch sketch, Dice dice)
    {
        AddTwin(sketch, dice, type => type.Rest);
        sketch.Classes[^1].Name = dice.OneIn(2) ? sketch.Classes[^1].Name.ToLowerInvariant() : sketch.Classes[^1].Name.ToUpperInvariant();
    }

    private static void AddMember(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Members.Add(dice.Of(Members));

    private static void NameMember(Sketch sketch, Dice dice) =>
        dice.Of(sketch.Classes)
            .Members.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, dice.Of(Shapes), OddNames.Draw(dice)));

    private static void Document(Sketch sketch, Dice dice) => dice.Of(sketch.Classes).Documentation = OddDocumentation.Draw(dice);
}
