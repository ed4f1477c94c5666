using LowRank.Benchmarks.Measuring;
using LowRank.Training.Tests.Runs;

namespace LowRank.Training.Tests.Reporting;

/// <summary>The figures of a GPU in the documentation are those of their file, which names every bar.</summary>
public sealed class GpuResultsTests
{
    private static readonly GpuResults Results = GpuResults.Read(WrittenTable.PathOf("results/gpu.json"));

    [Fact]
    public void The_file_has_every_target_with_its_bar() =>
        Assert.Equal(GpuTargets.All, Results.Figures.Select(figure => (figure.Name, figure.Bar, figure.AtLeast)));

    [Fact]
    public void A_figure_is_measured_with_spread_and_card_or_not_at_all() =>
        Assert.All(
            Results.Figures,
            figure =>
            {
                bool[] has = [figure.Median is null, figure.Low is null, figure.High is null, figure.Card is null];
                Assert.Single(has.Distinct());
            }
        );

    [Fact]
    public void The_table_is_that_of_the_file() => WrittenTable.AssertIn("performance.md", Results.Table(), "figures of a GPU");

    [Fact]
    public void What_a_run_measured_is_taken_over_by_name()
    {
        const string Document =
            """{"figures":[{"name":"guided step / dense step, width/4 in every layer, width 1,024","median":1.5,"low":1,"high":2},{"name":"another","median":1,"low":1,"high":1}]}""";
        var results = GpuResults.Unmeasured.With(Document, "NVIDIA H200");
        var measured = Assert.Single(results.Figures, figure => figure.Median is not null);
        Assert.Equal(("NVIDIA H200", 1.5, 1.0, 2.0), (measured.Card!, measured.Median!.Value, measured.Low!.Value, measured.High!.Value));
        Assert.Contains("| 1.50 | 1.00 to 2.00 | ≤ 1.05 | NVIDIA H200 |", results.Table(), StringComparison.Ordinal);
        Assert.Contains("| not measured |  | ≥ 0.80 |  |", results.Table(), StringComparison.Ordinal);
    }
}
