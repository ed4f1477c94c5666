using System.Xml.Linq;
using LowRank.Training.Reporting.Charts;
using LowRank.Training.Runs;
using SkiaSharp;

namespace LowRank.Training.Tests.Reporting;

public sealed class ChartTests
{
    [Fact]
    public void Charts_are_written_as_pictures_and_documents_that_show_every_curve()
    {
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        var files = ChartFiles.Write(folder.Path, "Sample", SampleRuns.Three, warnings.Add);
        Assert.Empty(warnings);
        Assert.Equal(
            ["loss-over-flops.png", "loss-over-flops.svg", "loss-over-time.png", "loss-over-time.svg"],
            files.Select(Path.GetFileName)
        );
        foreach (var name in new[] { "loss-over-flops", "loss-over-time" })
        {
            using var picture = SKBitmap.Decode(Path.Combine(folder.Path, name + ".png"));
            Assert.Equal((2 * LossChart.Width, 2 * LossChart.Height), (picture.Width, picture.Height));
            foreach (var color in new[] { "#3C3C3C", "#D55E00", "#0072B2" })
                Assert.True(picture.Pixels.Count(pixel => pixel == SKColor.Parse(color)) > 500, $"{name} shows no curve in {color}.");
            var svg = XDocument.Load(Path.Combine(folder.Path, name + ".svg")).ToString();
            Assert.Contains("system-ui, sans-serif", svg, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_variant_that_is_compared_has_a_color_of_its_own()
    {
        Variant[] compared = [Variant.Dense, Variant.FlopMatched, Variant.LowRank, Variant.Guided];
        foreach (var theme in new[] { ChartTheme.Light, ChartTheme.Dark })
            Assert.Equal(compared.Length, compared.Select(theme.Curve).Distinct().Count());
    }

    [Fact]
    public void What_cannot_be_drawn_is_said_and_fails_nothing()
    {
        var warnings = new List<string>();
        var files = ChartFiles.Write(Path.Combine(Path.GetTempPath(), "lowrank-no-such-folder"), "Sample", SampleRuns.Three, warnings.Add);
        Assert.Empty(files);
        Assert.Equal(4, warnings.Count);
        Assert.StartsWith("The chart loss-over-flops.png could not be drawn: ", warnings[0], StringComparison.Ordinal);

        // A run stopped before its first evaluation has no curve.
        using var folder = new TemporaryFolder();
        files = ChartFiles.Write(folder.Path, "Sample", [SampleRuns.Three[0] with { Validation = [] }], Assert.Fail);
        Assert.Equal(4, files.Count);
    }

    [Fact]
    public void Flops_over_several_decades_get_a_logarithmic_axis_with_labeled_ticks()
    {
        var axis = ChartAxis.Flops([SampleRuns.Run(Variant.Dense, 1, 0, 3) with { Validation = [Point(1e12m), Point(1e15m)] }]);
        Assert.True(axis.Logarithmic);
        Assert.Equal(12, axis.Position(Point(1e12m))!.Value, 9);
        Assert.Null(axis.Position(Point(0)));
        Assert.Equal(["1e12", "2e12", "5e12", "1e13", "2e13"], ChartAxis.LogarithmicTicks(12, 13.4).Select(tick => tick.Label));
        Assert.False(ChartAxis.Flops([SampleRuns.Run(Variant.Dense, 1, 0, 3)]).Logarithmic);

        static ValidationMetrics Point(decimal flops) => new(1, 3, 0, 1, flops);
    }
}
