using System.Text.Json;

namespace LowRank.Training.Reporting;

/// <summary>Cuts a metrics log back to the step from which its run goes on.</summary>
internal static class MetricsLogCut
{
    /// <summary>
    /// Keeps the lines up to and with a step. A line that is not whole (the process was killed while it wrote) is dropped with all that
    /// follow it. Nothing happens when there is no file.
    /// </summary>
    /// <returns>Kind and step of the kept lines.</returns>
    public static HashSet<(string Kind, long Step)> After(string path, long step)
    {
        var written = new HashSet<(string, long)>();
        if (!File.Exists(path))
            return written;
        if (step == 0)
        {
            File.Delete(path);
            return written;
        }

        // The new file replaces the old one in one move: being killed here loses nothing.
        var kept = path + ".tmp";
        using (var output = new StreamWriter(kept) { NewLine = "\n" })
        {
            foreach (var line in File.ReadLines(path))
            {
                if (Read(line) is not { } entry)
                    break;
                if (entry.Step <= step && written.Add(entry))
                    output.WriteLine(line);
            }
        }

        File.Move(kept, path, overwrite: true);
        return written;
    }

    private static (string Kind, long Step)? Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.TryGetProperty("kind", out var kind) && root.TryGetProperty("step", out var step)
                ? (kind.GetString() ?? "", step.GetInt64())
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
