using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Tests.Checks;

/// <summary>Modules that contain each other compile one by one, and would be built without end.</summary>
public sealed class PartCycleTests
{
    private const string Usings = "using LowRank; using LowRank.Layers; using System.Collections.Generic; ";

    private const string Linear = "[Linear(4, 4)] public partial LinearLayer Linear { get; }";

    [Fact]
    public void A_module_that_contains_itself() =>
        Reported.Assert(Usings + Module("M", "[Part] public partial M A { get; }"), Cycle("A", "makes 'M' a part of itself (M.A → M)"));

    [Fact]
    public void Two_that_contain_each_other() =>
        Reported.Assert(
            Usings + Module("M", "[Part] public partial N A { get; }" + Linear) + Module("N", "[Part] public partial M B { get; }"),
            Cycle("A", "makes 'M' a part of itself (M.A → N.B → M)"),
            Cycle("B", "makes 'N' a part of itself (N.B → M.A → N)")
        );

    [Fact]
    public void A_longer_way_through_a_list_and_what_only_leads_into_it() =>
        Reported.Assert(
            Usings
                + Module("Outside", "[Part] public partial M Part { get; }" + Linear)
                + Module("M", "[Part(Count = 2)] public partial IReadOnlyList<N> A { get; }")
                + Module("N", "[Part] public partial O B { get; } [Part] public partial Sound S { get; }")
                + Module("O", "[Part] public partial M C { get; }")
                + Module("Sound", Linear),
            Cycle("A", "makes 'M' a part of itself (M.A → N.B → O.C → M)"),
            Cycle("B", "makes 'N' a part of itself (N.B → O.C → M.A → N)"),
            Cycle("C", "makes 'O' a part of itself (O.C → M.A → N.B → O)")
        );

    [Fact]
    public void A_part_that_is_reached_twice_is_no_cycle() =>
        GeneratorRun
            .Of(
                Usings
                    + Module(
                        "M",
                        "[Part] public partial N A { get; } [Part] public partial N B { get; } [Part] public partial O C { get; }"
                    )
                    + Module("N", "[Part] public partial O D { get; }")
                    + Module("O", Linear)
            )
            .AssertClean();

    [Fact]
    public void A_cycle_within_a_referenced_assembly()
    {
        var library = Compiled("Library", "[Module] public class X { [Part] public X Y => this; }");
        AssertFound(
            TestCompilation.Of(Usings + Module("M", "[Part] public partial X A { get; }")).AddReferences(library),
            Cycle("A", "holds 'X', which is a part of itself (M.A → X.Y → X)")
        );
    }

    [Fact]
    public void A_cycle_through_a_referenced_assembly()
    {
        // The library was compiled against an earlier build of what now references it.
        var before = Compiled("Program", "[Module] public class M;");
        var library = Compiled("Library", "[Module] public class X { [Part] public M? Y => null; }", before);
        AssertFound(
            TestCompilation
                .Of(Usings + Module("M", "[Part] public partial X A { get; }"))
                .WithAssemblyName("Program")
                .AddReferences(library),
            Cycle("A", "makes 'M' a part of itself (M.A → X.Y → M)")
        );
    }

    private static Reported Cycle(string at, string way) => new("LRK0608", $"'{at}' {way}; a module cannot be built from itself", at);

    private static string Module(string name, string members) =>
        $"/// <summary>A module.</summary>\n[Module] public partial class {name} {{ "
        + members.Replace("[", "\n/// <summary>A part.</summary>\n[", StringComparison.Ordinal)
        + " }\n";

    private static void AssertFound(CSharpCompilation compilation, Reported expected) =>
        Assert.Equal([expected], GeneratorRun.Of(compilation).Findings.Select(Reported.Of));

    // Without the generator, so that nobody has told of the cycle.
    private static PortableExecutableReference Compiled(string name, string source, params MetadataReference[] references)
    {
        using var image = new MemoryStream();
        var compilation = TestCompilation.Of("using LowRank; " + source).WithAssemblyName(name).AddReferences(references);
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
