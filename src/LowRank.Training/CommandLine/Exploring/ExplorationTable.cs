using System.Globalization;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>The rows of an exploration, for a terminal and a page.</summary>
internal static class ExplorationTable
{
    private const string Nothing = "–";

    /// <summary>What the marks mean.</summary>
    public const string Caption =
        "● most parameters for its FLOPs, ★ lowest measured perplexity for its FLOPs, of those without warnings that fit the budget; FLOPs: paper convention, guides included; memory: fp32, declared micro-batch";

    /// <summary>The head of the columns.</summary>
    public static IReadOnlyList<string> Head(Exploration exploration)
    {
        var (hasRun, hasBudget, hasMeasured, hasRemarks) = Columns(exploration);
        return
        [
            "design",
            "Pareto",
            "parameters",
            .. Of(exploration.Entry.Dense is not null, "of dense"),
            "FLOPs per token",
            .. Of(hasRun, "training FLOPs", "training memory", "tokens per parameter"),
            .. Of(hasBudget, "budget"),
            .. Of(hasMeasured, "perplexity"),
            .. Of(hasRemarks, "remarks"),
        ];
    }

    /// <summary>The cells of a point, as many as the head has.</summary>
    /// <param name="exploration">What the point is one of.</param>
    /// <param name="point">The point.</param>
    /// <param name="isShort">Whether warnings are named by their ids alone.</param>
    public static IReadOnlyList<string> Row(Exploration exploration, DesignPoint point, bool isShort)
    {
        var (hasRun, hasBudget, hasMeasured, hasRemarks) = Columns(exploration);
        var name = point.Changes.Length == 0 ? "as declared" : point.Changes;
        if (point.Entry is null)
            return [name, .. Enumerable.Repeat(Nothing, Head(exploration).Count - 2), "refused: " + string.Join("; ", point.Remarks)];
        var marks = (point.IsOnFront ? "●" : "") + (point.IsOnMeasuredFront ? "★" : "");
        return
        [
            name,
            marks.Length == 0 ? Nothing : marks,
            ParameterWords.Of(point.Entry!.Cost),
            .. Of(exploration.Entry.Dense is not null, Share(point)),
            Quantity.Count(point.ForwardFlopsPerToken),
            .. Of(
                hasRun,
                point.TrainingFlops is { } flops ? Quantity.Flops(flops) : Nothing,
                point.TrainingMemory is { } memory ? Quantity.Bytes(memory) : Nothing,
                point.TokensPerParameter is { } tokens ? tokens.ToString("0.0", CultureInfo.InvariantCulture) : Nothing
            ),
            .. Of(hasBudget, Budget(point)),
            .. Of(hasMeasured, point.Measured is { } measured ? Perplexity(measured) : Nothing),
            .. Of(hasRemarks, Remarks(point, isShort)),
        ];
    }

    private static string Remarks(DesignPoint point, bool isShort) =>
        point.Remarks.Count == 0 ? Nothing
        : isShort ? string.Join(", ", point.Remarks.Select(remark => remark[..remark.IndexOf(':', StringComparison.Ordinal)]).Distinct())
        : string.Join("; ", point.Remarks);

    private static string Share(DesignPoint point) =>
        point.Entry!.Dense is { } dense
            ? ((double)point.Parameters / dense.Cost.Parameters).ToString("0.0 %", CultureInfo.InvariantCulture)
            : Nothing;

    private static string Budget(DesignPoint point) =>
        point.Fits
            ? "kept"
            : "over: "
                + string.Join(
                    ", ",
                    point.Exceeded.Select(limit =>
                        limit.Limit > 0
                            ? $"{limit.Quantity} {(limit.Amount / limit.Limit - 1).ToString("+0.0 %", CultureInfo.InvariantCulture)}"
                            : limit.Quantity
                    )
                );

    private static string Perplexity(MeasuredPerplexity measured) =>
        Quantity.Perplexity(measured.Mean)
        + (
            measured.Seeds > 1
                ? $"\n{Quantity.Perplexity(measured.Least)}–{Quantity.Perplexity(measured.Most)}, {measured.Seeds} seeds"
                : "\n1 seed"
        );

    private static (bool Run, bool Budget, bool Measured, bool Remarks) Columns(Exploration exploration) =>
        (
            exploration.Entry.Cost.Run is not null,
            exploration.Entry.Cost.Budget.Count > 0,
            exploration.Points.Any(point => point.Measured is not null),
            exploration.Points.Any(point => point.Remarks.Count > 0)
        );

    private static string[] Of(bool has, params string[] cells) => has ? cells : [];
}
