using System.Globalization;
using LowRank.Training.Experiments;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Experiments;

/// <summary>What an experiment will run and what is done of it.</summary>
/// <param name="app">The program.</param>
/// <param name="file">The experiment.</param>
internal sealed class ExperimentOutlook(AppSession app, ExperimentFile file)
{
    private readonly ExperimentMatrix matrix = new(file);
    private readonly RunStore store = new(file.Output);

    /// <summary>Prints the runs, and what is left in FLOPs and, once any run has finished, in time.</summary>
    public void Print(IReadOnlyList<Contender> contenders)
    {
        RunPlan[] plans = [.. contenders.SelectMany(Plans).DistinctBy(plan => plan.Id)];
        var kept = plans.ToDictionary(plan => plan.Id, store.Find);
        foreach (var plan in plans)
        {
            var options = plan.Options;
            var state = kept[plan.Id] switch
            {
                null => "",
                { Failure: null } => ", finished",
                _ => ", failed",
            };
            Write(
                $"{plan.Id}: {Quantity.Count(options.Steps)} steps, {Quantity.Count((decimal)options.Steps * options.SequencesPerStep * options.Context)} tokens, {Quantity.Flops(plan.Declared.TrainingFlops)} FLOPs{state}"
            );
        }

        RunPlan[] left = [.. plans.Where(plan => kept[plan.Id] is null)];
        var flops = left.Sum(plan => plan.Declared.TrainingFlops);
        Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"In all: {plans.Length} runs, {Quantity.Flops(plans.Sum(plan => plan.Declared.TrainingFlops))} FLOPs (paper convention); left: {left.Length}, {Quantity.Flops(flops)} FLOPs."
            )
        );
        StoredRun[] finished = [.. kept.Values.OfType<StoredRun>().Where(run => run.Result is not null)];
        if (left.Length > 0 && Speed(finished) is { } speed)
        {
            var seconds = left.Sum(plan =>
                (double)plan.Declared.TrainingFlops / (Speed([.. finished.Where(run => Alike(run.Plan, plan))]) ?? speed)
            );
            Write(
                $"About {Quantity.Duration(seconds)} of training at the speed of the finished runs; evaluations, checkpoints and starting come on top."
            );
        }
    }

    private static bool Alike(RunPlan one, RunPlan other) =>
        (one.Model, one.Variant, one.Options.Optimizer, one.Options.Device)
        == (other.Model, other.Variant, other.Options.Optimizer, other.Options.Device);

    // FLOPs per second.
    private static double? Speed(IReadOnlyList<StoredRun> runs)
    {
        var seconds = runs.Sum(run => run.Result!.WallSeconds);
        return seconds > 0 ? runs.Sum(run => (double)run.Result!.TrainingFlops) / seconds : null;
    }

    // Before its sweep is over a contender's rate isn't known; its runs cost the same at any.
    private IEnumerable<RunPlan> Plans(Contender contender)
    {
        var sweep = matrix.Sweep(contender);
        if (sweep.Count == 0)
            return matrix.Final(contender, null);
        return sweep.Concat(
            RateChoice.Of(sweep, store) is { } rate
                ? matrix.Final(contender, rate)
                : matrix
                    .Final(contender, contender.LearningRates[0])
                    .Select(plan =>
                        plan with
                        {
                            Id = string.Create(CultureInfo.InvariantCulture, $"{contender.Name}/rate-?-seed-{plan.Options.Seed}"),
                        }
                    )
        );
    }

    private void Write(string line) => app.Console.Output.WriteLine(line);
}
