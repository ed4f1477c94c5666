using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Emission;

/// <summary>What a reader finds when opening a generated file. <c>UPDATE_SNAPSHOTS=1</c> writes the baselines anew.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("Gpt2")]
    [InlineData("Qwen3")]
    [InlineData("AllLowRank")]
    [InlineData("Mixed")]
    [InlineData("Hybrid")]
    [InlineData("FactorOptions")]
    public void A_declared_model(string name) => Snapshot.Assert(GeneratorRun.Of(DiverseDeclarations.All[name]).File(name), name);

    [Fact]
    public void The_paper_s_model_and_the_catalog()
    {
        var run = GeneratorRun.Of(Declarations.PaperXl).AssertClean();
        Snapshot.Assert(run.File("PaperXl"), "PaperXl");
        Snapshot.Assert(run.File("DeclaredModels"), "DeclaredModels");
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
