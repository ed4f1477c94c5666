using System.Globalization;
using System.Text;
using System.Text.Json;
using LowRank.Training.Reporting;

namespace LowRank.Training.Experiments;

/// <summary>The tables of an experiment.</summary>
internal sealed class ExperimentReport(ExperimentFile file, IReadOnlyList<ContenderResult> results)
{
    /// <summary>A figure's ratio to the baseline's of the same seed, over the seeds that both finished.</summary>
    public Spread? Ratio(ContenderResult result, Func<StoredRun, double> figure)
    {
        var baseline = results.Single(other => other.Contender.Name == file.Baseline).Finished.ToDictionary(run => run.Result.Seed, run => run.Run);
        return Spread.Of([.. result.Finished.Where(run => baseline.ContainsKey(run.Result.Seed)).Select(run => figure(run.Run) / figure(baseline[run.Result.Seed]))]);
    }

    /// <summary>The contender that differs in the FLOPs rule alone (and in the learning rate) and trains for the baseline's FLOPs; itself where it does, as the baseline.</summary>
    public ContenderResult? Twin(ContenderResult result) => result.Contender.EqualFlops || result.Contender.Name == file.Baseline
        ? result
        : results.FirstOrDefault(other => other.Contender.EqualFlops && other.Contender.TrainsLike(result.Contender));

    /// <summary>The report.</summary>
    public string Markdown(string command)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {file.Name}\n\nRatios are to {file.Baseline} with the same seed. FLOPs: paper convention. ");
        text.Append("Times charge every step the median of the steps that cost as many FLOPs, since a run may have been disturbed. ");
        text.Append("Spreads: standard deviation [least, greatest] over seeds.\n\n");
        text.Append("| contender | seeds | validation loss | perplexity | perplexity ratio | at equal FLOPs | FLOPs ratio | time ratio | parameters | peak memory |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var result in results)
        {
            RunResult[] finished = [.. result.Finished.Select(run => run.Result)];
            var twin = Twin(result);
            string[] cells =
            [
                result.Contender.Name,
                finished.Length.ToString(CultureInfo.InvariantCulture),
                Cell(Spread.Of([.. finished.Select(run => run.ValidationLoss)]), "0.0000"),
                Cell(Spread.Of([.. finished.Select(run => run.ValidationPerplexity)]), "0.00"),
                Cell(Ratio(result, Perplexity), "0.0000"),
                twin is null ? "–" : Cell(Ratio(twin, Perplexity), "0.0000") + (twin == result ? "" : $" ({twin.Contender.Name})"),
                Cell(Ratio(result, Flops), "0.000", spread: false),
                Cell(Ratio(result, Seconds), "0.000"),
                finished.Length == 0 ? "–" : Quantity.Count(finished[0].Parameters),
                finished.Length == 0 ? "–" : Quantity.Bytes(finished.Max(run => run.PeakMemoryBytes)),
            ];
            text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n```\n{command}\n```\n");
        Sweeps(text, command);
        foreach (var run in results.SelectMany(result => result.Sweep.Concat(result.Runs)).DistinctBy(run => run.Plan.Id).Where(run => run.Failure is not null))
            text.Append(CultureInfo.InvariantCulture, $"\nFailed: {run.Plan.Id}: {run.Failure}\n");
        return text.ToString();
    }

    /// <summary>The ratios for programs.</summary>
    public byte[] Summary()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            // The recommended recipe first: a program that wants one entry takes the first.
            foreach (var result in results.OrderBy(result => result.Contender.Name != file.Default))
            {
                var perplexity = Ratio(result, Perplexity);
                json.WriteStartObject();
                json.WriteString("recipe", result.Contender.Name);
                json.WriteNumber("seeds", perplexity?.Count ?? 0);
                json.WriteReal("perplexityRatio", perplexity?.Mean ?? double.NaN);
                json.WriteReal("perplexityRatioSpread", perplexity is null ? double.NaN : perplexity.Most - perplexity.Least);
                json.WriteReal("flopsRatio", Ratio(result, Flops)?.Mean ?? double.NaN);
                json.WriteReal("timeRatio", Ratio(result, Seconds)?.Mean ?? double.NaN);
                json.WriteReal("equalFlopsPerplexityRatio", Twin(result) is { } twin ? Ratio(twin, Perplexity)?.Mean ?? double.NaN : double.NaN);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    private void Sweeps(StringBuilder text, string command)
    {
        if (results.All(result => result.Sweep.Count == 0))
            return;
        text.Append("\n## Learning rates\n\n| contender | rate | validation loss |\n|---|---|---|\n");
        foreach (var run in results.SelectMany(result => result.Sweep).DistinctBy(run => run.Plan.Id))
            text.Append(CultureInfo.InvariantCulture, $"| {run.Plan.Id} | {run.Plan.Options.LearningRate} | {(run.Result is { } reached ? Quantity.Loss(reached.ValidationLoss) : "failed")} |\n");
        text.Append(CultureInfo.InvariantCulture, $"\n```\n{command}\n```\n");
    }

    private static double Perplexity(StoredRun run) => run.Result!.ValidationPerplexity;

    private static double Flops(StoredRun run) => (double)run.Result!.TrainingFlops;

    private static double Seconds(StoredRun run) => run.MedianSeconds;

    private static string Cell(Spread? figure, string format, bool spread = true)
    {
        if (figure is null)
            return "–";
        string Write(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return !spread || figure.Count == 1 ? Write(figure.Mean) : $"{Write(figure.Mean)} ± {Write(figure.Deviation)} [{Write(figure.Least)}, {Write(figure.Most)}]";
    }
}
