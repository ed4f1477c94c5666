using System.Text.Json;

namespace LowRank.Generator.Benchmarks;

/// <summary>Figures as JSON.</summary>
internal static class FigureFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IReadOnlyList<Figure> figures) =>
        JsonSerializer.Serialize(new Content([.. figures.Select(Rounded)]), Options);

    /// <summary>The figures of the committed baseline, by name; none where there is no baseline.</summary>
    public static IReadOnlyDictionary<string, Figure> Baseline()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "baseline.json");
        return File.Exists(path)
            ? JsonSerializer
                .Deserialize<Content>(File.ReadAllText(path), Options)!
                .Figures.ToDictionary(figure => figure.Name, StringComparer.Ordinal)
            : new Dictionary<string, Figure>();
    }

    private static Figure Rounded(Figure figure) =>
        figure with
        {
            Median = Round(figure.Median),
            Low = Round(figure.Low),
            High = Round(figure.High),
        };

    private static double Round(double value) => Math.Round(value, 4);

    private sealed record Content(Figure[] Figures);
}
