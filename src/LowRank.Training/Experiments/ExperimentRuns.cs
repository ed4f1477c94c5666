using System.Globalization;
using LowRank.Training.CommandLine;
using LowRank.Training.Data;

namespace LowRank.Training.Experiments;

/// <summary>Runs what is missing of an experiment, one run after the other, and reports what is there.</summary>
internal sealed class ExperimentRuns(AppSession app, ExperimentFile file)
{
    private readonly ExperimentMatrix matrix = new(file);
    private readonly RunStore store = new(file.Output);

    /// <summary>Runs what is missing; a failed run is recorded and the rest goes on.</summary>
    /// <returns>False where it was stopped.</returns>
    public bool Train(IReadOnlyList<Contender> contenders)
    {
        foreach (var contender in contenders)
        {
            if (!Train(matrix.Sweep(contender)))
                return false;
            if (contender.LearningRates.Count > 1 && ChosenRate(contender) is null)
                app.Say($"Every run of the sweep of {contender.Name} failed; it is left out.");
            else if (!Train(matrix.Final(contender, ChosenRate(contender))))
                return false;
        }

        return true;
    }

    /// <summary>Writes <c>report.md</c> into the output folder and the summary where one is wanted.</summary>
    public void Report(string? summary, string command)
    {
        var results = file.Contenders.Select(contender => new ContenderResult(
            contender,
            [.. matrix.Sweep(contender).Select(store.Find).OfType<StoredRun>()],
            contender.LearningRates.Count > 1 && ChosenRate(contender) is null
                ? []
                : [.. matrix.Final(contender, ChosenRate(contender)).Select(store.Find).OfType<StoredRun>()])).ToArray();
        var report = new ExperimentReport(file, results);
        var path = Path.Combine(file.Output, "report.md");
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(report.Markdown(command)));
        if (summary is not null)
            AtomicFile.Write(summary, report.Summary());
        app.Console.Output.WriteLine($"The report is {path}.");
    }

    private bool Train(IReadOnlyList<RunPlan> plans)
    {
        foreach (var plan in plans)
        {
            if (store.Find(plan) is not null)
                continue;
            if (app.Stop.IsCancellationRequested)
                return false;
            app.Say(string.Create(CultureInfo.InvariantCulture, $"{plan.Id}: {plan.Options.Steps} steps at learning rate {plan.Options.LearningRate}."));
            var run = RunProcess.Train(app, Path.GetDirectoryName(Path.GetFullPath(file.Path))!, store.Folder(plan), plan);
            if (run is null)
                return false;
            store.Write(run);
        }

        return true;
    }

    // The rate with the lowest mean loss over the sweep's seeds; one that failed for any seed is out.
    private double? ChosenRate(Contender contender) => matrix.Sweep(contender)
        .GroupBy(plan => plan.Options.LearningRate)
        .Select(group => (Rate: group.Key, Losses: group.Select(plan => store.Find(plan)?.Result?.ValidationLoss).ToArray()))
        .Where(rate => rate.Losses.All(loss => loss is not null))
        .OrderBy(rate => rate.Losses.Average())
        .Select(rate => (double?)rate.Rate)
        .FirstOrDefault();
}
