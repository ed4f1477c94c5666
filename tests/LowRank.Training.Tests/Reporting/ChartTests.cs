using System.Xml.Linq;
using LowRank.Training.Reporting.Charts;
using SkiaSharp;

namespace LowRank.Training.Tests.Reporting;

public sealed class ChartTests
{
    [Fact]
    public void Charts_are_written_as_pictures_and_documents_that_show_every_curve()
    {
        var folder = Directory.CreateTempSubdirectory();
        var warnings = new List<string>();
        var files = ChartFiles.Write(folder.FullName, "Sample", SampleRuns.Three, warnings.Add);
        Assert.Empty(warnings);
        Assert.Equal(
            ["loss-over-flops.png", "loss-over-flops.svg", "loss-over-time.png", "loss-over-time.svg"], files.Select(Path.GetFileName));
        foreach (var name in new[] { "loss-over-flops", "loss-over-time" })
        {
            using var picture = SKBitmap.Decode(Path.Combine(folder.FullName, name + ".png"));
            Assert.Equal((2 * LossChart.Width, 2 * LossChart.Height), (picture.Width, picture.Height));
            foreach (var color in new[] { "#3C3C3C", "#D55E00", "#0072B2" })
                Assert.True(picture.Pixels.Count(pixel => pixel == SKColor.Parse(color)) > 500, $"{name} shows no curve in {color}.");
            var svg = XDocument.Load(Path.Combine(folder.FullName, name + ".svg")).ToString();
            Assert.Contains("system-ui, sans-serif", svg, StringComparison.Ordinal);
        }

        if (Environment.GetEnvironmentVariable("KEEP_CHARTS") is null) folder.Delete(recursive: true); else Console.WriteLine(folder.FullName);
    }
}
