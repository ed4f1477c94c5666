using System.Globalization;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Checks;

/// <summary>
/// Declarations that C# refuses, too, or that are hardly declarations: what is wrong is said where the user wrote it, once, and what is
/// generated compiles.
/// </summary>
public sealed class MalformedDeclarationTests
{
    private const string Transformer = "[Transformer(512, 64, 64, 4)] public partial class M";

    [Theory]
    [InlineData("class O<T> { [Transformer(512, 64, 64, 4)] partial class M { [Attention(4)] public partial Sublayer A { get; } } }")]
    [InlineData(
        "[Transformer(512, 64, 64, 4), Transformer(8, 8, 8, 8)] partial class M { [FeedForward(8), FeedForward(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData("[Module, Module] partial class M { [Linear(4, 4), Linear(4, 4), Dense, Dense] public partial LinearLayer A { get; } }")]
    [InlineData("[Module] partial class M { [Linear(4, 4)] public partial LinearLayer A { get; } } [Module] partial class M;")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData(
        "public partial class { [Transformer(512, 64, 64, 4)] partial class M { [Attention(4)] public partial Sublayer A { get; } } }"
    )]
    [InlineData("[Module] public partial class { [Linear(4, 4)] public partial LinearLayer A { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial struct M { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial interface M { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial enum M { }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class M : Nonsense { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData("[Transformer(512, 64, 64, 4)] public partial class M : M { [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] public partial class M<T> where T : Nonsense { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData("[Module] public partial class M { [Part(Count = 2)] public partial IReadOnlyList<Nonsense> A { get; } }")]
    [InlineData("[Module] public partial class M { [Part] public partial Nonsense A { get; } }")]
    [InlineData("[Module] public partial class M { [Part] public partial Nonsense[] A { get; } }")]
    [InlineData("[Module] public partial class M { [Part] public partial M.Nonsense A { get; } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public partial Nonsense A { get; } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public partial LinearLayer this[int index] { get; } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public partial LinearLayer A { } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public partial LinearLayer A { set; } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public override partial LinearLayer A { get; } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public required partial LinearLayer A { get; } }")]
    [InlineData("[Module] public partial class M { [Linear(4, 4)] public async partial LinearLayer A { get; } }")]
    [InlineData(
        "[Module] public partial class M { [Linear(4, 4)] public partial LinearLayer A { get; } [Linear(4, 4)] public partial LinearLayer A { get; } }"
    )]
    [InlineData("interface I { LinearLayer A { get; } } [Module] partial class M : I { [Linear(4, 4)] partial LinearLayer I.A { get; } }")]
    [InlineData("interface I { LinearLayer A { get; } } [Module] partial class M : I { [Linear(4, 4)] LinearLayer I.A => null!; }")]
    [InlineData(
        "interface I { Sublayer A { get; } } [Transformer(512, 64, 64, 4)] partial class M : I { [Attention(4)] partial Sublayer I.A { get; } }"
    )]
    [InlineData(
        "interface I { Sublayer A { get; } } [Transformer(512, 64, 64, 4)] partial class M : I { [Attention(4)] Sublayer I.A => null!; }"
    )]
    [InlineData("interface I { Sublayer A { get; } } [Transformer(512, 64, 64, 4)] partial class M : I { partial Sublayer I.A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Nonsense A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial var A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer* A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial (Sublayer, Nonsense) A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { set; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { other; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { get; get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { get => null!; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A; }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A(); }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { get; } = null; }")]
    [InlineData(Transformer + "{ [Attention(4)] public readonly partial Sublayer A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public override partial Sublayer A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public sealed partial Sublayer A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public extern partial Sublayer A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public required partial Sublayer A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer this[int index] { get; } }")]
    [InlineData(Transformer + "{ [Attention(4)] public partial Sublayer A { get; } [Attention(4)] public partial Sublayer A { get; } }")]
    [InlineData(Transformer + "{ [Attention(4), Budget] public partial Sublayer A { get; } }")]
    public void Errors_stand_where_the_user_wrote_them(string declaration)
    {
        var run = Run(declaration);
        var errors = run.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.NotEmpty(errors.Concat(run.Findings));
        Assert.Empty(errors.Where(error => !IsWritten(error)).Select(Text));
    }

    [Theory]
    [InlineData(
        "partial class O<T> { [Transformer(512, 64, 64, 4)] partial class M { [Attention(4)] public partial Sublayer A { get; } } }",
        "LRK0003: 'M' cannot be a model because it is nested in 'O', which is generic; declare the model as a plain partial class"
    )]
    [InlineData(
        Transformer + "{ [FeedForward(256, Layers = \"1..:0\")] public partial Sublayer A { get; } }",
        "LRK0304: Layers is \"1..:0\", and the stride of \"1..:0\" is no whole number of at least 1; "
            + "write for example \"1..\", \"..^1\", \"2..6\" or \"..2, 1..:2\""
    )]
    [InlineData(
        Transformer + "{ [FeedForward(256, Layers = \"..1, 1..:-2\")] public partial Sublayer A { get; } }",
        "LRK0304: Layers is \"..1, 1..:-2\", and the stride of \"1..:-2\" is no whole number of at least 1; "
            + "write for example \"1..\", \"..^1\", \"2..6\" or \"..2, 1..:2\""
    )]
    [InlineData(
        "interface I { Sublayer A { get; } } [Transformer(512, 64, 64, 4)] partial class M : I { [Attention(4)] Sublayer I.A => null!; }",
        "LRK0102: 'N.I.A' is an explicit implementation of an interface; a sublayer is a get-only instance property of type LowRank.Sublayer"
    )]
    [InlineData(
        "interface I { LinearLayer A { get; } } [Module] partial class M : I { [Linear(4, 4)] LinearLayer I.A => null!; }",
        "LRK0605: 'N.I.A' is an explicit implementation of an interface; [Linear] is for a get-only instance property of type LinearLayer"
    )]
    [InlineData(
        Transformer + "{ [Attention(4)] public partial Sublayer this[int index] { get; } }",
        "CS9248: Partial property 'M.this[int]' must have an implementation part.",
        "LRK0102: 'this[]' is an indexer; a sublayer is a get-only instance property of type LowRank.Sublayer"
    )]
    [InlineData(
        Transformer + "{ [Attention(4)] public partial Sublayer A { } }",
        "CS0548: 'M.A': property or indexer must have at least one accessor",
        "CS9248: Partial property 'M.A' must have an implementation part.",
        "LRK0102: 'A' is without a getter; a sublayer is a get-only instance property of type LowRank.Sublayer"
    )]
    [InlineData(
        "[Module] public partial class M { [Part] public partial Nonsense A { get; } }",
        "CS0246: The type or namespace name 'Nonsense' could not be found (are you missing a using directive or an assembly reference?)",
        "CS9248: Partial property 'M.A' must have an implementation part."
    )]
    [InlineData(
        "[DenseBaseline, DenseBaseline] class M;",
        "CS0579: Duplicate 'DenseBaseline' attribute",
        "LRK0007: [DenseBaseline] on 'M' means nothing because 'M' is not declared with [Transformer]"
    )]
    [InlineData(
        "[Attention(4)] class M;",
        "CS0592: Attribute 'Attention' is not valid on this declaration type. It is only valid on 'property, indexer' declarations."
    )]
    [InlineData(
        "interface I { [Module] enum E { } [Module] delegate void D(); }",
        "CS0592: Attribute 'Module' is not valid on this declaration type. It is only valid on 'class' declarations.",
        "CS0592: Attribute 'Module' is not valid on this declaration type. It is only valid on 'class' declarations."
    )]
    [InlineData(
        "[Transformer(512, 64, 64, 4)] partial class M { [Attention(4), Budget] public partial Sublayer A { get; } }",
        "CS0592: Attribute 'Budget' is not valid on this declaration type. It is only valid on 'class' declarations."
    )]
    [InlineData(
        Transformer + "{ [Attention(4)] public partial Sublayer A { get; } [Attention(4)] public partial Sublayer A { get; } }",
        "CS0102: The type 'M' already contains a definition for 'A'",
        "CS9250: A partial property may not have multiple defining declarations, and cannot be an auto-property."
    )]
    public void Each_is_said_once(string declaration, params string[] expected)
    {
        var run = Run(declaration);
        Assert.Equal(expected, ErrorsOf(run));
        OfferedFixes.AssertMend(Source(declaration));
    }

    [Theory]
    [InlineData(
        "[Attention(4, Gated = true)]",
        "[Attention] has no option 'Gated'; [FeedForward] has one of that name; it has heads, KeyValueHeads, HeadSize, QueryKeyNorm, Positions, RotaryBase, RotaryFraction, ScoreScale, ScoreSoftCap, Window, Bias, KeyValueRank, QueryRank, RotarySize, ValueSize, LatentNorm, Layers"
    )]
    [InlineData("[Attention(4, Layer = \"1..\")]", "[Attention] has no option 'Layer'; write Layers = …")]
    [InlineData("[Attention(4, Layers: \"1..\")]", "[Attention] has no option 'Layers'; write Layers = …")]
    [InlineData("[Attention(Heads = 4)]", "[Attention] has no option 'Heads'; write heads: …")]
    [InlineData("[Attention(4, HeadSizes = 4)]", "[Attention] has no option 'HeadSizes'; write HeadSize = …")]
    [InlineData(
        "[Attention(4, Experts = 8)]",
        "[Attention] has no option 'Experts'; it has heads, KeyValueHeads, HeadSize, QueryKeyNorm, Positions, RotaryBase, RotaryFraction, ScoreScale, ScoreSoftCap, Window, Bias, KeyValueRank, QueryRank, RotarySize, ValueSize, LatentNorm, Layers; "
            + "what the language lacks is written in the forward of a [Module]"
    )]
    public void An_option_that_is_none(string attributes, string expected) =>
        Assert.Contains($"LRK0008: {expected}", ErrorsOf(Run($"{Transformer} {{ {attributes} public partial Sublayer A {{ get; }} }}")));

    [Fact]
    public void An_option_that_is_none_is_underlined() =>
        Assert.Contains(
            new Reported("LRK0008", "[Dense] has no option 'Rank'; [LoRA] and [LowRank] have one of that name; it has none", "Rank"),
            Reports(Run($"{Transformer} {{ [Attention(4), Dense(Rank = 2)] public partial Sublayer A {{ get; }} }}")).Select(Reported.Of)
        );

    [Fact]
    public void An_option_of_the_assembly_that_is_none() =>
        Assert.Contains(
            "LRK0008: [LowRank] has no option 'layer'; write Layers = …",
            ErrorsOf(GeneratorRun.Of("using LowRank;\n[assembly: LowRank(8, layer = \"1..\")]", Declarations.Small))
        );

    private static GeneratorRun Run(string declaration) => GeneratorRun.Of(Source(declaration));

    private static string Source(string declaration) =>
        "using LowRank; using LowRank.Layers; using System.Collections.Generic; namespace N;\n" + declaration;

    private static IEnumerable<string> ErrorsOf(GeneratorRun run) => Reports(run).Select(Text).Order(StringComparer.Ordinal);

    private static IEnumerable<Diagnostic> Reports(GeneratorRun run)
    {
        var written = run.Compilation.SyntaxTrees.Where(tree => tree.FilePath.StartsWith("/declared", StringComparison.Ordinal));
        return run
            .Findings.Concat(Analyzed.Of(run.Compilation, written, new MisplacedAttributeAnalyzer()))
            .Concat(run.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static string Text(Diagnostic diagnostic) => $"{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";

    private static bool IsWritten(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.FilePath.StartsWith("/declared", StringComparison.Ordinal) == true;
}
