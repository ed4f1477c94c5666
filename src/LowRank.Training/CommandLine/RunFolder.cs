using System.Globalization;
using LowRank.Training.Reporting.Comparing;

namespace LowRank.Training.CommandLine;

/// <summary>Chooses the folder of a run that was given none, and checks it.</summary>
internal static class RunFolder
{
    private const string Root = "runs";

    /// <summary>Refuses a run's folder in which a folder has the name of a file that will be written.</summary>
    /// <exception cref="InputException">One has.</exception>
    public static void Check(string folder)
    {
        foreach (var name in new[] { VariantRun.MetricsName, ResultsFile.Name })
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                throw new InputException($"--output '{folder}' has a folder '{name}', the name of a file of the run's; choose another --output.");
        }
    }

    /// <summary>A new folder named after the time, or the newest one of the model.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="resume">Whether a run goes on.</param>
    /// <exception cref="InputException">A run is to go on and there is none.</exception>
    public static string Choose(string model, bool resume)
    {
        var parent = Path.Combine(Root, model);
        if (!resume)
        {
            var name = Path.Combine(parent, DateTime.Now.ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture));
            var free = name;
            for (var number = 2; Directory.Exists(free); number++)
                free = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            return free;
        }

        var newest = Directory.Exists(parent) ? Directory.GetDirectories(parent).Order(StringComparer.Ordinal).LastOrDefault() : null;
        return newest ?? throw new InputException($"There is no run under '{parent}' to go on with; give its folder with --output.");
    }
}
