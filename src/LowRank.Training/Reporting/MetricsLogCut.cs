using System.Text.Json;

namespace LowRank.Training.Reporting;

/// <summary>Cuts a metrics log back to the step from which its run goes on.</summary>
internal static class MetricsLogCut
{
    /// <summary>
    /// Keeps the lines up to and with a step. A line that is not whole (the process was killed while it wrote) is dropped with all that
    /// follow it. Nothing happens when there is no file.
    /// </summary>
    public static void After(string path, long step)
    {
        if (!File.Exists(path))
            return;
        if (step == 0)
        {
            File.Delete(path);
            return;
        }

        // The new file replaces the old one in one move: being killed here loses nothing.
        var kept = path + ".tmp";
        File.WriteAllLines(kept, File.ReadLines(path).TakeWhile(IsWhole).Where(line => StepOf(line) <= step));
        File.Move(kept, path, overwrite: true);
    }

    private static bool IsWhole(string line) => StepOf(line) is not null;

    private static long? StepOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.TryGetProperty("step", out var step) && step.TryGetInt64(out var value) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
