extern alias runtime;

using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using LowRank.Generator.Analyzers;
using LowRank.Generator.Parsing;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Tests.Checks;

/// <summary>
/// Every name that a base class has or generated code uses, given to a sublayer, a layer, a member and a class: it is refused, or all
/// compiles without a warning.
/// </summary>
public sealed class TakenNameTests
{
    // Names of one class; more classes take longer, more names in one hide what two of them do to each other no more than few.
    private const int InOneClass = 40;

    // Those that every declaration here has, and one that no declaration can stand beside.
    private static readonly string[] Declared = ["Attention", "FeedForward", "A", "B", "LowRank"];

    private static readonly Lazy<List<string>> Names = new(() =>
        [.. Inherited().Concat(Generated(_ => true)).Where(SyntaxFacts.IsValidIdentifier).Except(Declared).Order(StringComparer.Ordinal)]
    );

    [Fact]
    public void There_are_names() => Assert.InRange(Names.Value.Count, 300, 2000);

    [Fact]
    public void Of_a_sublayer() =>
        AssertSound(
            (index, names) =>
                $$"""
                    [Transformer(512, 64, 64, 4, Positions = Positions.{{(index % 2 == 0 ? "Rotary" : "Learned")}})]
                    [TrainingRun(100_000, 4), LowRank(8, Projections = Projections.Up){{(index % 2 == 0 ? ", DenseBaseline" : "")}}]
                    public partial class M{{index}}
                    {
                        [Attention(4), LowRank(8)] public partial Sublayer Attention { get; }
                        [FeedForward(256), LoRA(8, 16, Projections = Projections.Down)] public partial Sublayer FeedForward { get; }
                        {{Lines(
                        names,
                        name =>
                            $"[FeedForward(256{(index % 3 == 0 ? ", Layers = \"1..\"" : "")})] public partial Sublayer @{name} {{ get; }}"
                    )}}
                    }
                    """
        );

    [Fact]
    public void Of_a_layer() =>
        AssertSound(
            (index, names) =>
                $$"""
                    [Module, LowRank(8)]
                    public partial class M{{index}}
                    {
                        {{Lines(names, name => $"[Linear(64, 64)] public partial LinearLayer @{name} {{ get; }}")}}
                    }
                    """
        );

    [Fact]
    public void Of_a_member() =>
        AssertSound(
            (index, names) =>
                $$"""
                    [Transformer(512, 64, 64, 4, Positions = Positions.{{(index % 2 == 0 ? "Rotary" : "Learned")}})]
                    [DenseBaseline, TrainingRun(100_000, 4), LoRA(8, 16, Projections = Projections.Output)]
                    public partial class M{{index}}
                    {
                        [Attention(4)] public partial Sublayer Attention { get; }
                        [FeedForward(256), LowRank(8)] public partial Sublayer FeedForward { get; }
                        {{Lines(names, name => $"private const int @{name} = 1;")}}
                    }
                    [Module, LowRank(8)]
                    public partial class N{{index}}
                    {
                        [Linear(64, 64)] public partial LinearLayer A { get; }
                        [Linear(64, 64, Count = 2)] public partial System.Collections.Generic.IReadOnlyList<LinearLayer> B { get; }
                        {{Lines(names, name => $"private const int @{name} = 1;")}}
                    }
                    """
        );

    // In no namespace, where its name stands in front of all others; such as nothing qualifies, save for those of variables.
    [Fact]
    public void Of_a_class()
    {
        const string L = "global::LowRank";
        AssertSound(
            (_, names) =>
                Lines(
                    names.Intersect(Unqualified.Value),
                    name =>
                        $$"""
                            [{{L}}.Transformer(512, 64, 64, 4)]
                            public partial class @{{name}} { [{{L}}.FeedForward(256), {{L}}.LowRank(8)] public partial {{L}}.Sublayer own { get; } }
                            """
                ),
            space: ""
        );
        AssertSound(
            (_, names) =>
                Lines(
                    names.Intersect(Unqualified.Value),
                    name =>
                        $$"""
                            [{{L}}.Module, {{L}}.LowRank(8)]
                            public partial class @{{name}} { [{{L}}.Linear(64, 64)] public partial {{L}}.Layers.LinearLayer own { get; } }
                            """
                ),
            space: ""
        );
    }

    // In the model's own namespace: whatever generated code begins a name with is looked for there first.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_what_stands_beside_it(bool isNamespace)
    {
        const string L = "global::LowRank";
        var names = Unqualified.Value.Concat(["System", "TorchSharp", "LowRank"]).Except(["M", "N"]).Distinct();
        var source = $$"""
            #pragma warning disable CS8981, CS1591
            namespace Beside
            {
                {{Lines(names, name => isNamespace ? $"namespace @{name} {{ public class Any; }}" : $"public class @{name};")}}
                [{{L}}.Transformer(512, 64, 64, 4), {{L}}.TrainingRun(100_000, 4), {{L}}.LoRA(8, 16, Projections = {{L}}.Projections.Output)]
                [{{L}}.DenseBaseline, {{L}}.Budget(Parameters = 10_000_000)]
                public partial class M
                {
                    [{{L}}.Attention(4)] public partial {{L}}.Sublayer Attend { get; }
                    [{{L}}.FeedForward(256), {{L}}.Experts(4, 2), {{L}}.LowRank(8)] public partial {{L}}.Sublayer Feed { get; }
                }
                [{{L}}.Module, {{L}}.LowRank(8)]
                public partial class N
                {
                    [{{L}}.Linear(64, 64)] public partial {{L}}.Layers.LinearLayer A { get; }
                    [{{L}}.Linear(64, 64, Count = 2)]
                    public partial global::System.Collections.Generic.IReadOnlyList<{{L}}.Layers.LinearLayer> B { get; }
                }
            }
            """;
        Assert.Empty(Complaints([source]));
    }

    // Then global:: leads to it, too.
    [Theory]
    [InlineData("TorchSharp", "Model")]
    [InlineData("System", "Layers")]
    public void Of_a_type_in_no_namespace_is_refused(string name, string declared)
    {
        var finding = Assert.Single(
            Findings(
                TestCompilation.Of([
                    $"public interface {name};",
                    $$"""
                    using LowRank; using LowRank.Layers;
                    namespace Declared;
                    {{(declared == "Model"
                        ? "[Transformer(512, 64, 64, 4)] public partial class Model { [FeedForward(256)] public partial Sublayer FeedForward { get; } }"
                        : "[Module] public partial class Layers { [Linear(64, 64)] public partial LinearLayer A { get; } }")}}
                    """,
                ])
            )
        );
        Assert.Equal("LRK0006", finding.Id);
        Assert.Equal(
            $"'{name}' is a name that the generated part of '{declared}' needs for the namespace of that name, which your type of that name in no namespace hides; rename it",
            finding.GetMessage(CultureInfo.InvariantCulture)
        );
    }

    private static readonly Lazy<HashSet<string>> Unqualified = new(() =>
        [.. Generated(token => token.Parent is SimpleNameSyntax name && IsFirst(name) && char.IsUpper(name.Identifier.ValueText[0]))]
    );

    private static bool IsFirst(SimpleNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Name != name,
            QualifiedNameSyntax qualified => qualified.Right != name,
            AliasQualifiedNameSyntax qualified => qualified.Alias == name || qualified.Alias.Identifier.ValueText == "global",
            MemberBindingExpressionSyntax => false,
            _ => true,
        };

    private static string Lines(IEnumerable<string> names, Func<string, string> line) => string.Join("\n    ", names.Select(line));

    private static void AssertSound(
        Func<int, IReadOnlyList<string>, string> declare,
        string space = "using LowRank; using LowRank.Layers; namespace Declared;\n"
    )
    {
        string Source(string declaration) => "#pragma warning disable CS8981, CS1591\n" + space + declaration;
        // What is refused is found first, where nothing is generated; of each batch again, since what is generated differs.
        var free = Allowed(Names.Value, 0);
        var sources = free.Chunk(InOneClass).Select((names, index) => Source(declare(index, Allowed(names, index)))).ToArray();
        var complaints = Complaints(sources);
        Assert.True(complaints.Count == 0, $"{complaints.Count}:\n{string.Join("\n", complaints.Take(100))}");

        IReadOnlyList<string> Allowed(IReadOnlyList<string> names, int index)
        {
            var refused = Findings(TestCompilation.Of([Source(declare(index, names))]))
                .Where(finding => finding.Id == "LRK0006")
                .Select(finding => finding.Location.SourceTree!.GetText().ToString(finding.Location.SourceSpan).TrimStart('@'))
                .ToHashSet();
            return [.. names.Where(name => !refused.Contains(name))];
        }
    }

    private static List<string> Complaints(string[] sources)
    {
        var compilation = TestCompilation.Of(sources);
        CSharpGeneratorDriver
            .Create([new LowRankGenerator().AsSourceGenerator()], parseOptions: TestCompilation.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        return
        [
            .. Findings(generated)
                .Concat(generated.GetDiagnostics())
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsOfMember(diagnostic, compilation))
                .Select(Describe)
                .Distinct(),
        ];
    }

    private static IEnumerable<Diagnostic> Findings(Compilation compilation) =>
        DeclaredTypes
            .In(compilation.Assembly.GlobalNamespace)
            .Where(type => !GeneratedPart.IsAllOf(type))
            .SelectMany(type => FoundDiagnostics.OfClass(type, CancellationToken.None));

    // A member of the user's own may hide what it likes; that it does is said where it stands.
    private static bool IsOfMember(Diagnostic diagnostic, CSharpCompilation written) =>
        diagnostic.Id is "CS0108" or "CS0114"
        && written.ContainsSyntaxTree(diagnostic.Location.SourceTree)
        && diagnostic.Location.SourceTree!.GetRoot().FindNode(diagnostic.Location.SourceSpan) is VariableDeclaratorSyntax;

    private static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic.Id} {diagnostic.GetMessage(CultureInfo.InvariantCulture)}: "
        + diagnostic.Location.SourceTree?.GetText().Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start).ToString().Trim();

    private static IEnumerable<string> Inherited()
    {
        Type[] bases =
        [
            typeof(runtime::LowRank.Models.DeclaredTransformer),
            typeof(runtime::LowRank.Models.DeclaredModule),
            typeof(runtime::LowRank.Blocks.TransformerBlock),
            typeof(runtime::LowRank.Blocks.SelfAttention),
            typeof(runtime::LowRank.Blocks.NormalizedSelfAttention),
            typeof(runtime::LowRank.Blocks.FeedForward),
            typeof(runtime::LowRank.Blocks.GatedFeedForward),
        ];
        const BindingFlags all =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return bases
            .SelectMany(BasesOf)
            .Distinct()
            .SelectMany(type => type.GetMembers(all))
            .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(member => member.Name);
    }

    private static IEnumerable<Type> BasesOf(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
    }

    private static IEnumerable<string> Generated(Func<SyntaxToken, bool> isMeant, [CallerFilePath] string file = "") =>
        Directory
            .EnumerateFiles(Path.Combine(Path.GetDirectoryName(file)!, "../Emission/Snapshots"), "*.txt")
            .SelectMany(snapshot => CSharpSyntaxTree.ParseText(File.ReadAllText(snapshot)).GetRoot().DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && isMeant(token))
            .Select(token => token.ValueText);
}
