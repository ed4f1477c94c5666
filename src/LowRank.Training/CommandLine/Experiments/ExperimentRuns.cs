using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using LowRank.Training.Experiments;
using LowRank.Training.Experiments.Reports;
using LowRank.Training.Files;

namespace LowRank.Training.CommandLine.Experiments;

/// <summary>Runs what is missing of an experiment, in the file's order, and reports what is there.</summary>
/// <param name="app">The program.</param>
/// <param name="file">The experiment.</param>
/// <param name="retry">Whether failed runs are run again; else they stay failed.</param>
/// <param name="parallel">Runs at once, at least 1; they share the cores.</param>
internal sealed class ExperimentRuns(AppSession app, ExperimentFile file, bool retry, int parallel)
{
    private readonly ExperimentMatrix matrix = new(file);
    private readonly RunStore store = new(file.Output);

    /// <summary>
    /// The runs that are still to be made, as far as they are known: of a contender whose sweep isn't over, those of the sweep.
    /// </summary>
    public IReadOnlyList<RunPlan> Left(IReadOnlyList<Contender> contenders) =>
        [.. contenders.SelectMany(contender => matrix.Sweep(contender).Concat(Final(contender))).Where(IsLeft)];

    /// <summary>
    /// Runs what is missing: all sweeps, then seed by seed every contender, so that what is there compares at any time. A failed run is
    /// recorded and the rest goes on.
    /// </summary>
    /// <returns>False where it was stopped.</returns>
    public bool Train(IReadOnlyList<Contender> contenders)
    {
        if (!Train(contenders.SelectMany(matrix.Sweep)))
            return false;
        foreach (var contender in contenders.Where(contender => Final(contender).Count == 0))
            app.Say($"Every rate of the sweep of {contender.Name} failed; it is left out.");

        return Train(file.Seeds.SelectMany(seed => contenders.SelectMany(Final).Where(plan => plan.Options.Seed == seed)));
    }

    /// <summary>Writes report, charts and summary into the output folder; the summary elsewhere where that is wanted.</summary>
    /// <returns>The failed runs of the report.</returns>
    /// <exception cref="InputException">No run has ended, so that there is nothing to report.</exception>
    public IReadOnlyList<StoredRun> Report(string? summary, string command)
    {
        var results = file
            .Contenders.Select(contender => new ContenderResult(
                contender,
                [.. matrix.Sweep(contender).Select(store.Find).OfType<StoredRun>()],
                [.. Final(contender).Select(store.Find).OfType<StoredRun>()]
            ))
            .ToArray();
        StoredRun[] runs = [.. results.SelectMany(result => result.Sweep.Concat(result.Runs)).DistinctBy(run => run.Plan.Id)];
        if (runs.Length == 0)
            throw new InputException(
                $"No run of {file.Path} has ended in '{file.Output}', so there is nothing to report; leave --render out to make them."
            );
        SameText.Check(runs);
        var charts = new ExperimentCharts(file.Name, file.Baseline, results, app.Say);
        var tables = new ExperimentTables(file, results).All;
        Directory.CreateDirectory(file.Output);
        var path = Path.Combine(file.Output, ExperimentMarkdown.Name);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(ExperimentMarkdown.Write(file.Name, tables, charts.Write(file.Output), command)));
        AtomicFile.Write(
            Path.Combine(file.Output, ExperimentPage.Name),
            Encoding.UTF8.GetBytes(ExperimentPage.Write(file.Name, tables, charts.ForPage(), command))
        );
        // Hours later another file may lie there.
        SummaryFile.Check(summary, file.Output);
        AtomicFile.Write(SummaryFile.Place(summary, file.Output), ExperimentSummary.Write(file, results));
        app.Console.Output.WriteLine($"The report is {path}, and {ExperimentPage.Name} beside it.");
        StoredRun[] failed = [.. runs.Where(run => run.Failure is not null)];
        if (failed.Length > 0)
        {
            app.Say(string.Create(CultureInfo.InvariantCulture, $"{failed.Length} of {runs.Length} runs failed; --retry runs them again:"));
            foreach (var run in failed)
                app.Say($"  {run.Plan.Id}: {run.Failure}");
        }

        return failed;
    }

    private IReadOnlyList<RunPlan> Final(Contender contender)
    {
        if (contender.LearningRates.Count < 2)
            return matrix.Final(contender, null);
        return RateChoice.Of(matrix.Sweep(contender), store) is { } rate ? matrix.Final(contender, rate) : [];
    }

    // False where it was stopped.
    private bool Train(IEnumerable<RunPlan> plans)
    {
        // Twins share the runs of their sweep.
        var waiting = new ConcurrentQueue<RunPlan>(plans.DistinctBy(plan => plan.Id).Where(IsLeft));
        var workers = Enumerable
            .Range(0, parallel)
            .Select(_ =>
                Task.Run(() =>
                {
                    while (waiting.TryDequeue(out var plan))
                    {
                        try
                        {
                            Train(plan);
                        }
                        catch
                        {
                            // What breaks the program, a full disk for one, ends the other workers' lists too; their runs are finished.
                            waiting.Clear();
                            throw;
                        }
                    }
                })
            )
            .ToArray();
        Task.WhenAll(workers).GetAwaiter().GetResult();
        return !app.Stop.IsCancellationRequested;
    }

    private bool IsLeft(RunPlan plan) => store.Find(plan) is not { } kept || (kept.Failure is not null && retry);

    private void Train(RunPlan plan)
    {
        if (app.Stop.IsCancellationRequested)
            return;
        app.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{plan.Id}: {plan.Options.Steps} steps at learning rate {plan.Options.LearningRate}."
            )
        );
        var run = RunProcess.Train(app, Path.GetDirectoryName(Path.GetFullPath(file.Path))!, store.Folder(plan), plan, parallel);
        if (run is not null)
            store.Write(run);
    }
}
