using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace LowRank.Benchmarks.Measuring;

/// <summary>The file docs/results/gpu.json: every target with what was measured, and on which card; null where nothing was.</summary>
/// <param name="Figures">In the order of <see cref="GpuTargets.All"/>.</param>
internal sealed record GpuResults(IReadOnlyList<GpuResult> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Of which nothing has been measured.</summary>
    public static GpuResults Unmeasured { get; } =
        new([.. GpuTargets.All.Select(target => new GpuResult(target.Name, null, null, null, target.Bar, target.AtLeast, null))]);

    /// <summary>Reads the file.</summary>
    public static GpuResults Read(string path) => JsonSerializer.Deserialize<GpuResults>(File.ReadAllText(path), Json)!;

    /// <summary>Writes the file.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>The same with what a run has measured of them: figures as <c>--json</c> prints them.</summary>
    /// <param name="document">The printed document.</param>
    /// <param name="card">The card.</param>
    public GpuResults With(string document, string card)
    {
        using var parsed = JsonDocument.Parse(document);
        var measured = parsed
            .RootElement.GetProperty("figures")
            .EnumerateArray()
            .GroupBy(figure => figure.GetProperty("name").GetString()!)
            .ToDictionary(figures => figures.Key, figures => figures.Last().Clone());
        return new([
            .. Figures.Select(result =>
                measured.TryGetValue(result.Name, out var figure)
                    ? result with
                    {
                        Median = figure.GetProperty("median").GetDouble(),
                        Low = figure.GetProperty("low").GetDouble(),
                        High = figure.GetProperty("high").GetDouble(),
                        Card = card,
                    }
                    : result
            ),
        ]);
    }

    /// <summary>The table of the documentation.</summary>
    public string Table()
    {
        var text = new StringBuilder("| figure | median | spread | bar | card |\n|---|---|---|---|---|\n");
        foreach (var result in Figures)
        {
            var spread = result is { Low: { } low, High: { } high } ? $"{Number(low)} to {Number(high)}" : "";
            text.Append($"| {result.Name} | {(result.Median is { } median ? Number(median) : "not measured")} | {spread} ");
            text.Append($"| {(result.AtLeast ? "≥" : "≤")} {Number(result.Bar)} | {result.Card} |\n");
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
