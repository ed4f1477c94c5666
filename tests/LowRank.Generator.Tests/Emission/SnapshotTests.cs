using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Emission;

/// <summary>What a reader finds when opening a generated file. <c>UPDATE_SNAPSHOTS=1</c> writes the baselines anew.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("Gpt2")]
    [InlineData("Qwen3")]
    [InlineData("DeepSeek")]
    [InlineData("AllLowRank")]
    [InlineData("Mixed")]
    [InlineData("Hybrid")]
    [InlineData("Mixture")]
    [InlineData("FactorOptions")]
    [InlineData("Gemma2")]
    [InlineData("Olmo2")]
    [InlineData("Llama31")]
    public void A_declared_model(string name)
    {
        var run = GeneratorRun.Of(DiverseDeclarations.All[name]);
        Snapshot.Assert(run.File(name), name);
        Snapshot.Assert(run.File(name + "-cost"), name + "-cost");
    }

    [Fact]
    public void Modules_in_blocks_and_as_language_models()
    {
        var run = GeneratorRun.Of(DiverseDeclarations.All["Stepping"]).AssertClean();
        Snapshot.Assert(run.File("Published.Stepping"), "Stepping");
        Snapshot.Assert(run.File("Bigrams-module-cost"), "Bigrams-cost");
        Snapshot.Assert(
            run.File("DeclaredModels").Replace(run.Compilation.AssemblyName!, "Published", StringComparison.Ordinal),
            "Stepping-catalog"
        );
    }

    [Fact]
    public void A_model_is_a_page_that_is_read_from_top_to_bottom() =>
        Assert.InRange(GeneratorRun.Of(DiverseDeclarations.All["Qwen3"]).File("Qwen3").Count(letter => letter == '\n'), 1, 220);

    [Fact]
    public void The_paper_s_model_and_the_catalog()
    {
        var run = GeneratorRun.Of(Declarations.PaperXl).AssertClean();
        Snapshot.Assert(run.File("PaperXl"), "PaperXl");
        Snapshot.Assert(run.File("PaperXl-cost"), "PaperXl-cost");
        // Every test's assembly has another name.
        Snapshot.Assert(
            run.File("DeclaredModels").Replace(run.Compilation.AssemblyName!, "Papers", StringComparison.Ordinal),
            "DeclaredModels"
        );
    }

    [Fact]
    public void A_declaration_with_errors() =>
        Snapshot.Assert(
            GeneratorRun
                .Of(Declarations.Model(attention: "[Attention(heads: 15)]", feedForward: "[FeedForward(256), LowRank(0)]"))
                .File("Model.g"),
            "WithErrors"
        );
}
