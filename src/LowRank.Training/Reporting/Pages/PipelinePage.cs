using System.Globalization;
using System.Text.Json.Nodes;
using LowRank.Training.Pipelines;
using LowRank.Training.Reporting.Charts;
using LowRank.Training.Wording;

namespace LowRank.Training.Reporting.Pages;

/// <summary>The report on a pipeline as one self-contained HTML page.</summary>
internal static class PipelinePage
{
    private const int MostLanguages = 12;

    /// <summary>The page.</summary>
    /// <param name="report">What was done.</param>
    /// <param name="plan">What was declared.</param>
    /// <param name="warn">Told in one sentence about each chart that could not be drawn.</param>
    public static string Render(PipelineReport report, PipelinePlan plan, Action<string> warn)
    {
        var page = new HtmlPage("From the web to text: what was left out");
        page.Paragraph(
            $"{Files(report.Files)} with {Quantity.Count(report.Documents)} documents ({Quantity.Bytes(report.Bytes)} of text); "
                + $"{Quantity.Count(report.Kept)} are left ({Quantity.Bytes(report.KeptBytes)}, {Share(report.KeptBytes, report.Bytes)} of the text)"
                + (report.Tokens is { } tokens ? $", {Quantity.Count(tokens)} tokens." : ".")
        );
        if (report.WithoutText.Count > 0)
            page.Paragraph(
                $"Records without text: {string.Join(", ", report.WithoutText.Select(reason => $"{Quantity.Count(reason.Value)} {reason.Key}"))}."
            );
        if (report.Broken > 0)
            page.Paragraph($"{Quantity.Count(report.Broken)} broken records were passed over; the first: {report.FirstBroken}.");
        if (report.UnreadableFiles > 0)
            page.Paragraph($"{Files(report.UnreadableFiles)} could not be read.");
        page.Heading("Steps");
        page.Table(
            "Each step sees what the one before has kept. Bytes are those of the dropped documents.",
            ["step", "documents", "dropped", "of these", "bytes dropped"],
            report.Steps.Select(step =>
                (IReadOnlyList<string>)
                    [
                        step.Step,
                        Quantity.Count(step.Documents),
                        Quantity.Count(step.Dropped),
                        Share(step.Dropped, step.Documents),
                        Quantity.Bytes(step.DroppedBytes),
                    ]
            )
        );
        Charts(page, report, warn);
        Reasons(page, report);
        Unreadable(page, report);
        page.Heading("Declaration");
        page.Code(string.Join('\n', plan.Steps.Select(step => new JsonObject([.. Members(step)]).ToJsonString())));
        return page.ToString();
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonObject step) =>
        step.Select(member => new KeyValuePair<string, JsonNode?>(member.Key, member.Value?.DeepClone()));

    private static void Charts(HtmlPage page, PipelineReport report, Action<string> warn)
    {
        // The shortest documents of either stand at the left end.
        var first = report.Lengths.TakeWhile(count => count == 0).Count();
        var labels = report.Lengths.Skip(first).Select((_, bin) => Length(first + bin)).ToList();
        if (labels.Count > 0)
            Chart(
                "Documents by length",
                "characters, at least",
                labels,
                [("read", Values(report.Lengths.Skip(first))), ("left", Values(report.KeptLengths.Skip(first)))]
            );
        var languages = report
            .Languages.OrderByDescending(language => language.Value)
            .ThenBy(language => language.Key, StringComparer.Ordinal)
            .Take(MostLanguages)
            .ToList();
        if (languages.Count > 0)
            Chart(
                "Documents by language",
                "ISO 639-1 code",
                [.. languages.Select(language => language.Key)],
                [("found", Values(languages.Select(language => language.Value)))]
            );

        void Chart(
            string title,
            string right,
            IReadOnlyList<string> names,
            IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series
        ) =>
            ChartFiles.Attempt(
                () =>
                    page.Picture(
                        PagePicture.Draw(
                            title,
                            (theme, place) => BarChart.Draw(title, right, "documents", names, series, theme, place),
                            BarChart.Width,
                            BarChart.Height
                        )
                    ),
                title,
                warn
            );
    }

    private static void Reasons(HtmlPage page, PipelineReport report)
    {
        foreach (var step in report.Steps.Where(step => step.Reasons.Count + step.Removals.Count > 0))
        {
            page.Heading(step.Step);
            if (step.Reasons.Count > 0)
                page.Table(
                    "Documents dropped, by the reason.",
                    ["reason", "documents", "of all dropped"],
                    step.Reasons.OrderByDescending(reason => reason.Value)
                        .ThenBy(reason => reason.Key, StringComparer.Ordinal)
                        .Select(reason =>
                            (IReadOnlyList<string>)[reason.Key, Quantity.Count(reason.Value), Share(reason.Value, step.Dropped)]
                        )
                );
            if (step.Removals.Count > 0)
                page.Table(
                    "Taken out of documents, or replaced in them.",
                    ["what", "times"],
                    step.Removals.Select(removal => (IReadOnlyList<string>)[removal.Key, Quantity.Count(removal.Value)])
                );
            foreach (var example in step.Examples)
            {
                page.Subheading($"{example.Reason}: {example.Url ?? example.Id}");
                page.Code(example.Beginning);
            }
        }
    }

    private static void Unreadable(HtmlPage page, PipelineReport report)
    {
        if (report.UnreadableFiles == 0)
            return;
        page.Heading("Files that could not be read");
        page.Table(
            report.UnreadableFiles > report.Unreadable.Count ? $"The first of {Files(report.UnreadableFiles)}." : "All of them.",
            ["file", "why"],
            report.Unreadable.Select(file => (IReadOnlyList<string>)[file.Key, file.Value])
        );
    }

    private static double[] Values(IEnumerable<long> counts) => [.. counts.Select(count => (double)count)];

    // 1, 2, 4 … 512, 1k, 2k …
    private static string Length(int bin) =>
        bin >= 20 ? (1L << (bin - 20)).ToString(CultureInfo.InvariantCulture) + "M"
        : bin >= 10 ? (1L << (bin - 10)).ToString(CultureInfo.InvariantCulture) + "k"
        : (1L << bin).ToString(CultureInfo.InvariantCulture);

    private static string Files(int count) => count == 1 ? "1 file" : $"{Quantity.Count(count)} files";

    private static string Share(long part, long whole) =>
        whole == 0 ? "–" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
