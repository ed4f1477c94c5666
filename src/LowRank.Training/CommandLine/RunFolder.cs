using System.Globalization;

namespace LowRank.Training.CommandLine;

/// <summary>Chooses the folder of a run that was given none.</summary>
internal static class RunFolder
{
    private const string Root = "runs";

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
