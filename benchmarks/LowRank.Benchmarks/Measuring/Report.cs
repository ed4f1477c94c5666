using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;

namespace LowRank.Benchmarks.Measuring;

/// <summary>Prints figures: JSON for tools, Markdown for people.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Figures as a document for tools.</summary>
    public static string Document(IReadOnlyList<Figure> figures) => JsonSerializer.Serialize(new { figures }, Json);

    public static void Print(string title, IReadOnlyList<Figure> figures, bool json)
    {
        if (json)
        {
            Console.WriteLine(Document(figures));
            return;
        }

        Console.WriteLine($"## {title}\n");
        Console.WriteLine(
            $"{Machine()}, {TorchSharp.torch.get_num_threads()} threads, {DateTime.UtcNow:yyyy-MM-dd}. Median (10 % to 90 %) of interleaved rounds.\n"
        );
        Console.WriteLine("| figure | median | spread | bar |\n|---|---|---|---|");
        foreach (var figure in figures)
            Console.WriteLine(
                $"| {figure.Name} | {Number(figure.Median)} | {Number(figure.Low)} to {Number(figure.High)} | {(figure.Bar is { } bar ? (figure.AtLeast ? "≥ " : "") + Number(bar) : "")} |"
            );
    }

    private static string Number(double value) =>
        value.ToString(
            value != 0 && Math.Abs(value) < 1e-3 ? "0.0e0"
                : Math.Abs(value) >= 1000 ? "N0"
                : Math.Abs(value) >= 10 ? "F1"
                : "F3",
            CultureInfo.InvariantCulture
        );

    private static string Machine()
    {
        var file = "/proc/cpuinfo";
        var name = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return $"{name ?? "unknown processor"}{(Avx512F.IsSupported ? " with AVX-512" : "")}";
    }
}
