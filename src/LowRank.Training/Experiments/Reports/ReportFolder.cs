using LowRank.Training.Files;
using LowRank.Training.Reporting;
using LowRank.Training.Reporting.Comparing;

namespace LowRank.Training.Experiments.Reports;

/// <summary>The folder of an experiment, whose report replaces an earlier one and nobody else's.</summary>
internal static class ReportFolder
{
    /// <summary>Refuses a folder that holds no experiment but a file of a report's name.</summary>
    /// <param name="file">The experiment.</param>
    /// <exception cref="InputException">It does.</exception>
    public static void Check(ExperimentFile file)
    {
        foreach (var name in new[] { RunFiles.Checkpoints, MetricsLog.Name, ResultsFile.Name })
        {
            if (Path.Exists(Path.Combine(file.Output, name)))
                throw new InputException(
                    $"{file.Path}: output '{file.Output}' holds a run or a comparison ('{name}'), whose report and charts would be overwritten; choose another folder."
                );
        }

        // A store that was copied from another machine has no lock.
        if (File.Exists(Path.Combine(file.Output, RunLock.Name)) || Holds(RunStore.Runs) || Holds(RunStore.Results) || IsOwnReport(file))
            return;
        foreach (var name in new[] { ExperimentMarkdown.Name, ExperimentPage.Name })
        {
            if (File.Exists(Path.Combine(file.Output, name)))
                throw new InputException(
                    $"{file.Path}: output '{file.Output}' holds no experiment, and its {name} would be overwritten; choose another folder."
                );
        }

        bool Holds(string name) => Directory.Exists(Path.Combine(file.Output, name));
    }

    // An experiment that was rendered before its first run has a report and nothing else.
    private static bool IsOwnReport(ExperimentFile file)
    {
        var report = Path.Combine(file.Output, ExperimentMarkdown.Name);
        return File.Exists(report) && SpecialFile.Kind(report) is null && File.ReadLines(report).FirstOrDefault() == $"# {file.Name}";
    }
}
