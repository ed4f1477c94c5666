using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Emission;

/// <summary>
/// Code as it stands in the middle of typing: nothing crashes, and the generator adds no noise to the compiler's own words.
/// </summary>
public sealed class BrokenDeclarationTests
{
    [Theory]
    [InlineData("[Transformer]", "CS7036")]
    [InlineData("[Transformer(512, 64, 64)]", "CS7036")]
    [InlineData("[Transformer(512, 64, \"wide\", 4)]", "CS1503")]
    [InlineData("[Transformer(512, 64, Missing.Width, 4)]", "CS0103")]
    [InlineData("[Transformer(512, 64, 64, 4), Transformer(512, 64, 64, 4)]", "CS0579")]
    [InlineData("[Transformer(512, 64, 64, 4, Depht = 7)]", "CS0246")]
    public void Only_the_compiler_speaks_of_what_does_not_compile(string transformer, string id)
    {
        var run = GeneratorRun.Of(
            $$"""
            using LowRank;
            {{transformer}}
            public partial class Model
            {
                [Attention(4)] public partial Sublayer Attention { get; }
            }
            """
        );
        Assert.Empty(run.Findings);
        Assert.All(Errors(run), error => Assert.Equal(id, error.Id));
    }

    [Fact]
    public void A_second_transformer_attribute_on_another_part_makes_no_second_model()
    {
        var run = GeneratorRun.Of(
            """
            using LowRank;
            [Transformer(512, 64, 64, 4)] public partial class Model { [Attention(4)] public partial Sublayer Attention { get; } }
            [Transformer(512, 64, 64, 4)] public partial class Model;
            """
        );
        Assert.All(Errors(run), error => Assert.Equal("CS0579", error.Id));
        Assert.Equal(
            ["LowRank.Generated.DeclaredModels.g.cs", "Model-cost.g.cs", "Model.g.cs"],
            run.Result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_second_module_attribute_on_another_part_makes_no_second_module()
    {
        var run = GeneratorRun.Of(
            """
            using LowRank;
            using LowRank.Layers;
            [Module] public partial class M { [Linear(4, 4)] public partial LinearLayer A { get; } }
            [Module] public partial class M;
            """
        );
        Assert.All(Errors(run), error => Assert.Equal("CS0579", error.Id));
        Assert.Equal(
            ["LowRank.Generated.DeclaredModules.g.cs", "M-module-cost.g.cs", "M-module.g.cs"],
            run.Result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("public partial class Outer<T> { MODEL } public partial class Outer { MODEL }")]
    [InlineData("public partial class Outer { MODEL } public partial struct Outer { MODEL }")]
    [InlineData("MODEL public partial struct Model;")]
    [InlineData(
        "[Transformer(8, 8, 8, 1)] public partial class \u03c2 { [Attention(1)] public partial Sublayer A { get; } } [Transformer(8, 8, 8, 1)] public partial class \u03c3 { [Attention(1)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "namespace LowRank.Generated { [Transformer(8, 8, 8, 1)] public partial class DeclaredModels { [Attention(1)] public partial Sublayer A { get; } } }"
    )]
    public void Names_of_generated_files_do_not_collide(string source) =>
        GeneratorRun.Of(
            "using LowRank; "
                + source.Replace(
                    "MODEL",
                    "[Transformer(8, 8, 8, 1)] public partial class Model { [Attention(1)] public partial Sublayer A { get; } }",
                    StringComparison.Ordinal
                )
        );

    [Theory]
    [InlineData("[Linear(Missing.Size, Missing.Size), LowRank(Ratio = 0.5)]")]
    [InlineData("[Linear(0, 0), LowRank(Ratio = 0.5)]")]
    public void A_module_whose_part_has_no_size_yet_does_not_crash_the_generator(string layer) =>
        GeneratorRun.Of(
            $$"""
            using LowRank;
            using LowRank.Layers;
            [Module] public partial class Inner { {{layer}} public partial LinearLayer A { get; } }
            [Module] public partial class Outer { [Part] public partial Inner Part { get; } }
            """
        );

    [Theory]
    [InlineData("using LowRank; [Transformer(512, 64, 64, 4)] public partial class")]
    [InlineData("using LowRank; [Transformer(512, 64, 64, 4)] public partial class Model { [Attention(4)] public partial Sublayer")]
    [InlineData(
        "using LowRank; [Transformer(512, 64, 64, 4)] public partial class Model { [Attention(4)] public partial Sublayer { get; } }"
    )]
    [InlineData(
        "using LowRank; [Transformer(512, 64, 64, 4)] public partial class Model { [Attention(] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "using LowRank; [Transformer(512, 64, 64, 4)] public partial class Model { [Attention(4), LowRank(Layers = )] public partial Missing A { get; } }"
    )]
    [InlineData(
        "using LowRank; [Transformer(512, 64, 64, 4)] public partial class Model { [Attention(4)] public partial Sublayer this[int i] { get; } }"
    )]
    [InlineData("using LowRank; [Transformer(512, 64, 64, 4)] public partial enum Model { A }")]
    [InlineData("using LowRank; [Transformer(512, 64, 64, 4)] public partial interface Model { [Attention(4)] Sublayer A { get; } }")]
    [InlineData(
        "using LowRank; [Transformer(512, 64, 64, 4)] public partial class M { [Attention(4)] public partial Sublayer A { get; } } [Transformer(512, 64, 64, 4)] public partial class m { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    [InlineData(
        "using LowRank; [Transformer(512, 64, 64, 4)] public partial class M { [Attention(4)] public partial Sublayer A { get; } } [Transformer(512, 64, 64, 4)] public partial class M<T> { [Attention(4)] public partial Sublayer A { get; } }"
    )]
    public void Half_written_code_does_not_crash_the_generator(string source) => GeneratorRun.Of(source);

    [Fact]
    public void A_sound_model_beside_a_broken_one_is_generated()
    {
        var run = GeneratorRun.Of(Declarations.PaperXl, Declarations.Model(attention: "[Attention(15)]"));
        Assert.Equal("LRK0202", Assert.Single(run.Findings).Id);
        Assert.Empty(Errors(run));
        Assert.Equal(984_731_648L, run.Constant("Papers.PaperXl+Cost", "Parameters"));
    }

    [Fact]
    public void Users_of_a_broken_model_still_compile()
    {
        var run = GeneratorRun.Of(
            Declarations.Model(attention: "[Attention(15)]"),
            "public static class User { public static object Build() => new Declared.Model(new LowRank.Layers.ModelOptions()).Attention.Layers; }"
        );
        Assert.Empty(Errors(run));
    }

    private static IEnumerable<Diagnostic> Errors(GeneratorRun run) =>
        run.CompilerDiagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
