using System.Text.Json;
using LowRank.Training.Files;
using LowRank.Training.Wording;

namespace LowRank.Training.Experiments.Reports;

/// <summary>Where an experiment's summary goes: to a new file, or over an earlier summary, and over nothing else.</summary>
internal static class SummaryFile
{
    /// <summary>Its name beside the report.</summary>
    public const string Name = "summary.json";

    private static readonly OptionName Option = new("Summary");

    // A summary has a few hundred bytes a contender.
    private const long MostBytes = 16 << 20;

    /// <summary>The file.</summary>
    /// <param name="asked">The place that is asked for; null for nothing.</param>
    /// <param name="output">The experiment's folder.</param>
    public static string Place(string? asked, string output) => asked ?? Path.Combine(output, Name);

    /// <summary>Refuses a place that can't be written, or that something else has.</summary>
    /// <param name="asked">The place that is asked for; null for nothing.</param>
    /// <param name="output">The experiment's folder.</param>
    /// <exception cref="InputException">It is a folder, a file of the experiment's own, or a file that is no summary.</exception>
    public static void Check(string? asked, string output)
    {
        if (asked is not null)
        {
            WritableFolder.CheckFile(asked, Option);
            if (IsOfExperiment(Path.GetRelativePath(Path.GetFullPath(output), Path.GetFullPath(asked))))
                throw InputException.Naming(
                    $"{Option} '{asked}' is the place of another file of the experiment; choose another, such as '{Place(null, output)}'."
                );
        }

        var path = Place(asked, output);
        if (!File.Exists(path) || IsSummary(path))
            return;
        throw asked is null
            ? InputException.Naming(
                $"'{path}' is no summary of an experiment and would be overwritten; move it, or name another file with {Option}."
            )
            : InputException.Naming(
                $"{Option} '{path}' is there already and no summary of an experiment, so it is not overwritten; choose another."
            );
    }

    // What reports, runs and the lock write in the experiment's folder, whether it is there yet or not.
    private static bool IsOfExperiment(string relative)
    {
        if (relative.Split(Path.DirectorySeparatorChar) is [var folder, _, ..])
            return folder is RunStore.Runs or RunStore.Results;
        return !Path.IsPathRooted(relative)
            && (!relative.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || relative == RunLock.HolderName);
    }

    private static bool IsSummary(string path)
    {
        try
        {
            // To open a pipe may be to wait for ever.
            if (SpecialFile.Kind(path) is not null || new FileInfo(path).Length > MostBytes)
                return false;
            var bytes = File.ReadAllBytes(path);
            // As mktemp makes it: there is nothing to lose.
            if (bytes.Length == 0)
                return true;
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement is { ValueKind: JsonValueKind.Array } list
                && list.GetArrayLength() > 0
                && list.EnumerateArray().All(IsRecipe);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsRecipe(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("recipe", out _) && entry.TryGetProperty("perplexityRatio", out _);
}
