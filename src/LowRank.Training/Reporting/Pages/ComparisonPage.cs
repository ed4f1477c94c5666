using System.Globalization;
using System.Runtime.InteropServices;
using LowRank.Costs;
using LowRank.Training.Loop;
using LowRank.Training.Reporting.Charts;
using LowRank.Training.Reporting.Comparing;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.Reporting.Pages;

/// <summary>The report on a comparison as one self-contained HTML page.</summary>
internal static class ComparisonPage
{
    /// <summary>The file's usual name.</summary>
    public const string Name = "report.html";

    /// <summary>Writes the page into a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="comparison">What is reported.</param>
    /// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
    public static void Write(string path, Comparison comparison, Action<string> warn) => File.WriteAllText(path, Render(comparison, warn));

    /// <summary>The page.</summary>
    /// <param name="comparison">What is reported.</param>
    /// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
    public static string Render(Comparison comparison, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(warn);
        var page = new HtmlPage($"{comparison.Entry.Name}: {List(comparison.Runs.Select(run => run.Variant.Title()))} compared");
        if (comparison.Entry.Summary.Length > 0)
            page.Paragraph(comparison.Entry.Summary);
        page.Paragraph(
            $"{comparison.Data}. {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}.",
            quiet: true
        );
        page.Code(comparison.Command);

        page.Heading("Results");
        page.Table(
            "Measured. Ratios (×) are to the dense run, with the figure itself below. FLOPs are counted from the live tensors, a multiply-add as 2, full attention scores (paper convention).",
            ["", .. comparison.Runs.Select(ComparisonTable.Heading)],
            ComparisonTable
                .Rows(comparison.Runs)
                .Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Measure,
                            .. row.Values.Select(
                                (value, index) => row.Ratios[index] is { } ratio ? $"{Quantity.Ratio(ratio)}\n{value}" : value
                            ),
                        ]
                )
        );

        if (FlopMatchedLine.Of(comparison.Entry, comparison.Runs) is { } matched)
            page.Paragraph(matched);

        var pictures = ChartFiles.ForPage(comparison.Entry.Name, comparison.Runs, warn);
        if (pictures.Count > 0)
            page.Heading("Validation loss");
        foreach (var picture in pictures)
            page.Picture(picture);

        Predictions(page, comparison);
        Parts(page, comparison.Entry);
        Settings(page, comparison);
        return page.ToString();
    }

    private static string List(IEnumerable<string> names) =>
        names.ToArray() is [.. var first, var last] && first.Length > 0 ? $"{string.Join(", ", first)} and {last}" : string.Concat(names);

    private static void Predictions(HtmlPage page, Comparison comparison)
    {
        page.Heading("Prediction and measurement");
        page.Table(
            "Training FLOPs as the compiler computes them from the declaration, and as they were counted while the runs went.",
            ["", "predicted, paper convention", "predicted, causal convention", "counted, paper convention"],
            comparison.Runs.Select(run =>
                (IReadOnlyList<string>)
                    [
                        ComparisonTable.Heading(run),
                        Quantity.Flops(Predict(comparison, run, FlopConvention.Paper)),
                        Quantity.Flops(Predict(comparison, run, FlopConvention.Causal)),
                        Quantity.Flops(run.TrainingFlops),
                    ]
            )
        );
    }

    private static decimal Predict(Comparison comparison, RunResult run, FlopConvention convention) =>
        DensePhase.Flops(
            comparison.Entry,
            run.Variant,
            comparison.Options with
            {
                Steps = run.Stopped ? run.Steps : comparison.Options.Steps,
            },
            convention
        );

    private static void Parts(HtmlPage page, ModelEntry entry)
    {
        page.Heading("The model's parts");
        var hasGuide = entry.HasGuide();
        page.Table(
            $"Per block and token at the declared context of {entry.Cost.Context} tokens, forward, paper convention.",
            ["part", "blocks", "rank", "parameters", "FLOPs per token", .. Guided("parameters of the guide", "FLOPs with the guide")],
            entry.Cost.Sublayers.Select(part =>
                (IReadOnlyList<string>)
                    [
                        part.Name,
                        BlockRange.Of(part),
                        part.Rank == 0 ? "–" : part.Rank.ToString(CultureInfo.InvariantCulture),
                        Quantity.Count(part.Parameters),
                        Quantity.Count(part.ForwardFlopsPerToken),
                        .. Guided(
                            part.GuideParameters == 0 ? "–" : Quantity.Count(part.GuideParameters),
                            part.GuidedForwardFlopsPerToken == part.ForwardFlopsPerToken
                                ? "–"
                                : Quantity.Count(part.GuidedForwardFlopsPerToken)
                        ),
                    ]
            )
        );

        string[] Guided(params string[] cells) => hasGuide ? cells : [];
    }

    private static void Settings(HtmlPage page, Comparison comparison)
    {
        var options = comparison.Options;
        page.Heading("Settings");
        page.Table(
            "Equal for all runs.",
            ["setting", "value"],
            new (string Name, object Value)[]
            {
                ("steps", options.Steps),
                ("sequences per step", options.SequencesPerStep),
                ("sequences per micro-batch", options.SequencesPerMicroBatch),
                ("context", options.Context),
                ("optimizer", options.Optimizer.Key()),
                ("peak learning rate", options.LearningRate),
                ("warm-up, fraction of the steps", options.WarmupFraction),
                ("final learning rate, fraction of the peak", options.FinalLearningRateFraction),
                ("weight decay", options.WeightDecay),
                ("β₁, β₂ of AdamW", FormattableString.Invariant($"{options.Beta1}, {options.Beta2}")),
                ("clip norm", options.ClipNorm),
                ("seed", options.Seed),
                ("sequences of each point of the validation curve", options.EvaluationSequences),
                ("sequences of the final validation loss", options.FinalEvaluationSequences),
                ("device", options.Device),
                ("precision", options.Tf32 ? $"{options.Precision}, fp32 products in tf32" : options.Precision),
            }.Select(row => (IReadOnlyList<string>)[row.Name, Convert.ToString(row.Value, CultureInfo.InvariantCulture)!])
        );
    }
}
