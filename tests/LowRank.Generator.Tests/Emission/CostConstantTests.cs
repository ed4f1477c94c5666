using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Emission;

/// <summary>The constants as users of a model read them.</summary>
public sealed class CostConstantTests
{
    [Fact]
    public void The_paper_s_model_has_the_paper_s_numbers()
    {
        var run = GeneratorRun.Of(Declarations.PaperXl).AssertClean();
        Assert.Equal(984_731_648L, run.Constant("Papers.PaperXl+Cost", "Parameters"));
        Assert.Equal(771_751_936L, run.Constant("Papers.PaperXl+Cost", "GuideParameters"));
        Assert.Equal(984_731_648L + 771_751_936L, run.Constant("Papers.PaperXl+Cost", "ParametersAtStart"));
        Assert.Equal(2_169_503_744L, run.Constant("Papers.PaperXl+Cost", "ForwardFlopsPerToken"));
        Assert.Equal(2_748_317_696L, run.Constant("Papers.PaperXl+Cost", "GuidedForwardFlopsPerToken"));
        Assert.Equal(2_169_503_744L - 2L * 1024 * 2048 * 24, run.Constant("Papers.PaperXl+Cost", "ForwardFlopsPerTokenCausal"));
        Assert.Equal(48_637L, run.Constant("Papers.PaperXl+Cost", "Steps"));
        Assert.Equal(524_288L, run.Constant("Papers.PaperXl+Cost", "TokensPerStep"));
        Assert.Equal(165_965_705_139_078_561_792m, run.Constant("Papers.PaperXl+Cost", "TrainingFlopsWithoutGuide"));
        Assert.Equal(1.8822e20m, Math.Round((decimal)run.Constant("Papers.PaperXl+Cost", "TrainingFlops") / 1e16m) * 1e16m);
        Assert.Contains("1.8822e20 (paper convention)", run.File("PaperXl"), StringComparison.Ordinal);
        Assert.Equal(1_274_138_624L, run.Constant("Papers.PaperXl+Dense+Cost", "Parameters"));
        Assert.Equal(210_244_617_288_315_568_128m, run.Constant("Papers.PaperXl+Dense+Cost", "TrainingFlops"));
    }

    [Fact]
    public void The_parts_add_up()
    {
        var run = GeneratorRun.Of(Declarations.PaperXl);
        string[] parts = ["Embedding", "Attention", "FeedForward", "FinalNorm", "Head"];
        foreach (var constant in new[] { "Parameters", "ForwardFlopsPerToken" })
        {
            var sum = parts.Sum(part => (long)run.Constant("Papers.PaperXl+Cost+" + part, constant));
            Assert.Equal(run.Constant("Papers.PaperXl+Cost", constant), sum);
        }

        Assert.Equal(
            run.Constant("Papers.PaperXl+Cost", "ProjectionFlopsPerStep"),
            run.Constant("Papers.PaperXl+Cost+FeedForward", "ProjectionFlopsPerStep")
        );
    }
}
