using System.Globalization;
using LowRank.Training.Loop;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.Experiments.Reports;

/// <summary>The tables of an experiment.</summary>
/// <param name="file">The experiment.</param>
/// <param name="results">What the store holds, in the order of the file.</param>
internal sealed class ExperimentTables(ExperimentFile file, IReadOnlyList<ContenderResult> results)
{
    private const string None = "–";
    private const string NoBreak = "\u00a0";
    private readonly ExperimentRatios ratios = new(file, results);

    /// <summary>Those that have rows.</summary>
    public IReadOnlyList<ReportTable> All =>
        [.. new[] { Results(), FlopMatched(), FineTuning(), Runs(), Rates(), Failures() }.Where(table => table.Rows.Count > 0)];

    // What a reader came for stands first: how much worse, for how much less.
    private ReportTable Results() =>
        new(
            "Results",
            $"Ratios are to {file.Baseline} with the same seed; below each mean its spread over seeds: ± standard deviation [least, greatest]. "
                + "At equal FLOPs: of the contender that trains for as many FLOPs as the baseline. FLOPs: paper convention. "
                + "Times charge every step the median of the steps that cost as many FLOPs, since a run may have been disturbed. "
                + "Final loss: that of the final evaluation, over more of the text than the curves.",
            [
                "contender",
                "perplexity ratio",
                "at equal FLOPs",
                "FLOPs ratio",
                "time ratio",
                "perplexity",
                "final loss",
                "seeds",
                "parameters",
                "peak memory",
                .. DeviceHeading,
            ],
            [.. results.Select(Result)]
        );

    // A column for runs on a GPU alone.
    private string[] DeviceHeading => IsOnDevice ? ["peak GPU memory"] : [];

    private bool IsOnDevice => results.Any(result => result.Finished.Any(run => run.Result.PeakDeviceMemoryBytes is not null));

    private string[] DevicePeak(RunResult[] finished) =>
        !IsOnDevice ? []
        : finished.Max(run => run.PeakDeviceMemoryBytes) is { } bytes ? [Quantity.Bytes(bytes)]
        : [None];

    private IReadOnlyList<string> Result(ContenderResult result)
    {
        RunResult[] finished = [.. result.Finished.Select(run => run.Result)];
        return
        [
            result.Contender.Name,
            Cell(ratios.Ratio(result, ExperimentRatios.Perplexity), "0.0000"),
            ratios.Twin(result) is { } twin ? Cell(ratios.Ratio(twin, ExperimentRatios.Perplexity), "0.0000") : None,
            ratios.Ratio(result, ExperimentRatios.Flops) is { } flops ? Write(flops.Mean, "0.000") : None,
            Cell(ratios.Ratio(result, ExperimentRatios.Seconds), "0.000"),
            Perplexity(result),
            Cell(Spread.Of([.. finished.Select(run => run.ValidationLoss)]), "0.0000"),
            Whole(finished.Length),
            finished.Length == 0 ? None : Quantity.Count(finished[0].Parameters),
            finished.Length == 0 ? None : Quantity.Bytes(finished.Max(run => run.PeakMemoryBytes)),
            .. DevicePeak(finished),
        ];
    }

    // The comparison in which neither side is cheaper.
    private ReportTable FlopMatched() =>
        new(
            "At equal forward FLOPs per token",
            "Each factored contender beside the dense one of as many forward FLOPs per token, by other hidden sizes, that reads as many tokens or trains for "
                + "as many FLOPs. Ratios are to it, with the same seed: above 1 the dense model is better.",
            ["contender", "dense contender", "perplexity ratio", "FLOPs ratio", "time ratio", "perplexity", "perplexity, dense"],
            [
                .. from result in results
                let dense = ratios.FlopMatched(result)
                where dense is not null
                select (IReadOnlyList<string>)
                    [
                        result.Contender.Name,
                        dense.Contender.Name,
                        Cell(ExperimentRatios.Ratio(result, dense, ExperimentRatios.Perplexity), "0.0000"),
                        ExperimentRatios.Ratio(result, dense, ExperimentRatios.Flops) is { } flops ? Write(flops.Mean, "0.000") : None,
                        Cell(ExperimentRatios.Ratio(result, dense, ExperimentRatios.Seconds), "0.000"),
                        Perplexity(result),
                        Perplexity(dense),
                    ],
            ]
        );

    private static string Perplexity(ContenderResult result) =>
        Cell(Spread.Of([.. result.Finished.Select(run => run.Result.ValidationPerplexity)]), "0.00");

    private ReportTable FineTuning() =>
        new(
            "Fine-tuning",
            "Perplexity on the validation split of the text that was trained on, and of the further one; trained parameters with the guides while they exist.",
            [
                "contender",
                "method",
                "trained parameters",
                "perplexity",
                "on the further text",
                "training FLOPs",
                "peak memory",
                .. DeviceHeading,
            ],
            [
                .. from result in results
                let finished = result.Finished.ToArray()
                where finished.Length > 0 && finished[0].Run is { TrainedParameters: not null } or { AlsoLoss: not null }
                select (IReadOnlyList<string>)
                    [
                        result.Contender.Name,
                        finished[0].Run.Plan.Options.FineTuning?.Method.Key() ?? None,
                        Quantity.Count(finished[0].Run.TrainedParameters ?? finished[0].Result.Parameters),
                        Cell(Spread.Of([.. finished.Select(run => run.Result.ValidationPerplexity)]), "0.00"),
                        Cell(
                            Spread.Of([
                                .. finished.Where(run => run.Run.AlsoLoss is not null).Select(run => Math.Exp(run.Run.AlsoLoss!.Value)),
                            ]),
                            "0.00"
                        ),
                        Quantity.Flops(finished.Average(run => run.Result.TrainingFlops)),
                        Quantity.Bytes(finished.Max(run => run.Result.PeakMemoryBytes)),
                        .. DevicePeak([.. finished.Select(run => run.Result)]),
                    ],
            ]
        );

    private ReportTable Runs() =>
        new(
            "Runs",
            "How the contenders were trained; FLOPs and time are means over seeds.",
            ["contender", "model", "variant", "optimizer", "learning rate", "steps", "tokens", "training FLOPs", "training time"],
            [
                .. results
                    .Where(result => result.Finished.Any())
                    .Select(result =>
                    {
                        var finished = result.Finished.ToArray();
                        var (plan, reached) = (finished[0].Run.Plan, finished[0].Result);
                        return (IReadOnlyList<string>)
                            [
                                result.Contender.Name,
                                reached.Model,
                                plan.Options.DenseFrom is { } from
                                    ? string.Create(CultureInfo.InvariantCulture, $"{plan.Variant.Key()}, dense from {from}")
                                    : plan.Variant.Key(),
                                plan.Options.Optimizer.Key(),
                                plan.Options.LearningRate.ToString(CultureInfo.InvariantCulture),
                                Quantity.Count(reached.Steps),
                                Quantity.Count(reached.Tokens),
                                Quantity.Flops(finished.Average(run => run.Result.TrainingFlops)),
                                Quantity.Duration(finished.Average(run => run.Run.MedianSeconds)),
                            ];
                    }),
            ]
        );

    private ReportTable Rates() =>
        new(
            "Learning rates",
            "Every contender trains at the rate with the lowest mean loss of its sweep; one that was chosen at the edge of its list may not be the best.",
            ["contender", "rate", "seeds", "final loss", ""],
            [
                .. from result in results
                where result.Sweep.Count > 0 && result.Sweep[0].Plan.Contender == result.Contender.Name
                let chosen = Chosen(result)
                from rate in result.Sweep.GroupBy(run => run.Plan.Options.LearningRate).OrderBy(rate => rate.Key)
                let losses = rate.Where(run => run.Result is not null).Select(run => run.Result!.ValidationLoss).ToArray()
                select (IReadOnlyList<string>)
                    [
                        result.Contender.Name,
                        rate.Key.ToString(CultureInfo.InvariantCulture),
                        Whole(losses.Length),
                        losses.Length < rate.Count() ? "failed" : Cell(Spread.Of(losses), "0.0000"),
                        rate.Key != chosen ? ""
                        : rate.Key == result.Contender.LearningRates.Min() || rate.Key == result.Contender.LearningRates.Max()
                            ? "chosen, edge of the list"
                        : "chosen",
                    ],
            ]
        );

    private ReportTable Failures() =>
        new(
            "Failed runs",
            "They count nowhere above.",
            ["run", "why"],
            [
                .. results
                    .SelectMany(result => result.Sweep.Concat(result.Runs))
                    .DistinctBy(run => run.Plan.Id)
                    .Where(run => run.Failure is not null)
                    .Select(run => (IReadOnlyList<string>)[run.Plan.Id, run.Failure!]),
            ]
        );

    // Known by what was run with it: while the sweep isn't over there is none.
    private static double? Chosen(ContenderResult result) =>
        result.Runs.Select(run => (double?)run.Plan.Options.LearningRate).FirstOrDefault();

    private static string Cell(Spread? figure, string format)
    {
        if (figure is null)
            return None;
        var mean = Write(figure.Mean, format);
        // A line may only end between the deviation and the range.
        return figure.Count == 1 || figure.Least == figure.Most
            ? mean
            : $"{mean}\n±{NoBreak}{Write(figure.Deviation, format)} [{Write(figure.Least, format)},{NoBreak}{Write(figure.Most, format)}]";
    }

    // A perplexity that no double holds, and what is computed with it.
    private static string Write(double value, string format) =>
        double.IsPositiveInfinity(value) ? "∞"
        : double.IsNaN(value) ? "?"
        : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
