using System.Globalization;
using System.Text;

namespace LowRank.Generator.Benchmarks;

/// <summary>Figures as a table, each beside the baseline's.</summary>
internal static class MarkdownReport
{
    // Below that, a shared machine explains the difference.
    private const double RegressionRatio = 1.25;

    public static string Write(IEnumerable<Figure> figures, IReadOnlyDictionary<string, Figure> baseline)
    {
        var text = new StringBuilder("| | median | 10 % to 90 % | bar | baseline | ratio |\n|---|---|---|---|---|---|\n");
        foreach (var figure in figures)
        {
            var before = baseline.GetValueOrDefault(figure.Name);
            var ratio = before is null ? (double?)null : figure.Median / before.Median;
            text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {figure.Name} | {Number(figure.Median)} {figure.Unit} | {Number(figure.Low)} to {Number(figure.High)} | "
                )
                .Append(figure.Bar is { } bar ? $"{(figure.KeepsToBar == true ? "met" : "**missed**")} (< {Number(bar)})" : "")
                .Append(CultureInfo.InvariantCulture, $" | {(before is null ? "" : Number(before.Median))} | ")
                .Append(ratio is null ? "" : Number(ratio.Value) + (ratio > RegressionRatio ? " **regression**" : ""))
                .Append(" |\n");
        }

        return text.ToString();
    }

    private static string Number(double value) =>
        value.ToString(
            value >= 100 ? "#,0"
                : value >= 10 ? "0.0"
                : "0.00",
            CultureInfo.InvariantCulture
        );
}
