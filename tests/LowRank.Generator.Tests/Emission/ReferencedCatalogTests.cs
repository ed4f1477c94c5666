using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LowRank.Generator.Tests.Emission;

/// <summary>An assembly's catalog makes those of the assemblies that it references known, which nothing else may load.</summary>
public sealed class ReferencedCatalogTests
{
    private const string Model =
        "using LowRank; namespace Library; /// <summary>A model.</summary>\n[Transformer(512, 64, 64, 4)] public partial class Small { /// <summary>Feeds.</summary>\n[FeedForward(256)] public partial Sublayer FeedForward { get; } }";

    [Fact]
    public void A_program_registers_the_models_of_what_it_references()
    {
        var library = Library("My.Library", Model);
        var program = GeneratorRun.Of(TestCompilation.Of("internal class Program;").AddReferences(library)).AssertClean();
        Assert.Contains(
            "global::LowRank.Generated.DeclaredModelsOf_My_Library.Register();",
            program.File("DeclaredModels"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_library_in_between_passes_them_on()
    {
        var inner = Library("Inner", Model);
        // The program can't see the inner one.
        var outer = Library("Outer-2", "internal class Nothing;", inner);
        var program = GeneratorRun.Of(TestCompilation.Of("internal class Program;").AddReferences(outer)).AssertClean();
        Assert.Contains("DeclaredModelsOf_Outer__002d2.Register();", program.File("DeclaredModels"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_assemblies_may_declare_one_name_and_share_their_internals()
    {
        const string shared = "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Friend\")] ";
        // An attribute of the assembly stands behind the usings.
        var source = "using LowRank; " + shared + Model.Replace("using LowRank; ", "", StringComparison.Ordinal);
        var program = TestCompilation.Of(Model).WithAssemblyName("Friend").AddReferences(Library("A", source), Library("B", source));
        var catalog = GeneratorRun.Of(program).File("DeclaredModels");
        Assert.Contains("DeclaredModelsOf_A.Register();", catalog, StringComparison.Ordinal);
        Assert.Contains("DeclaredModelsOf_B.Register();", catalog, StringComparison.Ordinal);
        Assert.Contains("{ Assembly = \"Friend\" }", catalog, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_that_has_an_alias_alone_is_left_out()
    {
        var library = Library("Aliased", Model).WithAliases(["other"]);
        var program = GeneratorRun.Of(TestCompilation.Of("internal class Program;").AddReferences(library)).AssertClean();
        Assert.Empty(program.Result.GeneratedSources);
    }

    [Fact]
    public void Without_models_there_is_no_catalog() => Assert.Empty(GeneratorRun.Of("internal class Program;").Result.GeneratedSources);

    private static PortableExecutableReference Library(string name, string source, params MetadataReference[] references)
    {
        var run = GeneratorRun.Of(TestCompilation.Of(source).WithAssemblyName(name).AddReferences(references)).AssertClean();
        using var image = new MemoryStream();
        Assert.Empty(run.Compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
