using System.Globalization;
using LowRank.Training.CommandLine;
using LowRank.Training.Data;

namespace LowRank.Training.Experiments;

/// <summary>Runs what is missing of an experiment, one run after the other, and reports what is there.</summary>
/// <param name="app">The program.</param>
/// <param name="file">The experiment.</param>
/// <param name="retry">Whether failed runs are run again; else they stay failed.</param>
internal sealed class ExperimentRuns(AppSession app, ExperimentFile file, bool retry)
{
    private readonly ExperimentMatrix matrix = new(file);
    private readonly RunStore store = new(file.Output);

    /// <summary>
    /// Runs what is missing: all sweeps, then seed by seed every contender, so that what is there compares at any time. A failed run is
    /// recorded and the rest goes on.
    /// </summary>
    /// <returns>False where it was stopped.</returns>
    public bool Train(IReadOnlyList<Contender> contenders)
    {
        foreach (var contender in contenders)
        {
            if (!matrix.Sweep(contender).All(Train))
                return false;
            if (Final(contender).Count == 0)
                app.Say($"Every rate of the sweep of {contender.Name} failed; it is left out.");
        }

        return Enumerable.Range(0, file.Seeds.Count)
            .All(seed => contenders.Select(Final).Where(plans => plans.Count > 0).All(plans => Train(plans[seed])));
    }

    /// <summary>Writes the report into the output folder and the summary where one is wanted.</summary>
    public void Report(string? summary, string command)
    {
        var results = file.Contenders.Select(contender => new ContenderResult(
            contender,
            [.. matrix.Sweep(contender).Select(store.Find).OfType<StoredRun>()],
            [.. Final(contender).Select(store.Find).OfType<StoredRun>()])).ToArray();
        StoredRun[] runs = [.. results.SelectMany(result => result.Sweep.Concat(result.Runs)).DistinctBy(run => run.Plan.Id)];
        SameText.Check(runs);
        var report = new ExperimentReport(file, results);
        var path = Path.Combine(file.Output, "report.md");
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(report.Markdown(command)));
        if (summary is not null)
            AtomicFile.Write(summary, report.Summary());
        app.Console.Output.WriteLine($"The report is {path}.");
        if (runs.Count(run => run.Failure is not null) is > 0 and var failed)
            app.Say(string.Create(CultureInfo.InvariantCulture, $"{failed} of {runs.Length} runs failed; --retry runs them again."));
    }

    private IReadOnlyList<RunPlan> Final(Contender contender)
    {
        if (contender.LearningRates.Count < 2)
            return matrix.Final(contender, null);
        return RateChoice.Of(matrix.Sweep(contender), store) is { } rate ? matrix.Final(contender, rate) : [];
    }

    // False where it was stopped.
    private bool Train(RunPlan plan)
    {
        if (store.Find(plan) is { } kept && (kept.Failure is null || !retry))
            return true;
        if (app.Stop.IsCancellationRequested)
            return false;
        app.Say(string.Create(CultureInfo.InvariantCulture, $"{plan.Id}: {plan.Options.Steps} steps at learning rate {plan.Options.LearningRate}."));
        var run = RunProcess.Train(app, Path.GetDirectoryName(Path.GetFullPath(file.Path))!, store.Folder(plan), plan);
        if (run is null)
            return false;
        store.Write(run);
        return true;
    }
}
