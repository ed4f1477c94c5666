using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Reporting;

/// <summary>Cuts a metrics log back to the step from which its run goes on.</summary>
internal static class MetricsLogCut
{
    /// <summary>
    /// Keeps the whole lines up to and with a step, whatever stands between them. Nothing happens when there is no file.
    /// </summary>
    /// <param name="path">The log.</param>
    /// <param name="step">The step.</param>
    /// <param name="report">Is told of damaged lines, once. A torn last one is none: the process was killed while it wrote.</param>
    /// <returns>Kind and step of the kept lines.</returns>
    public static HashSet<(string Kind, long Step)> After(string path, long step, Action<string>? report = null)
    {
        var written = new HashSet<(string, long)>();
        if (!File.Exists(path))
            return written;
        if (step == 0)
        {
            File.Delete(path);
            return written;
        }

        var damaged = new List<long>();
        long number = 0;
        // The new file replaces the old one in one move: being killed here loses nothing.
        var kept = path + ".tmp";
        using (var file = new FileStream(kept, FileMode.Create, FileAccess.Write))
        using (var output = new StreamWriter(file) { NewLine = "\n" })
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (Read(line) is not { } entry)
                    damaged.Add(number);
                else if (entry.Step <= step && written.Add(entry))
                    output.WriteLine(line);
            }

            output.Flush();
            file.Flush(flushToDisk: true);
        }

        if (damaged is [.., var last] && last == number && !EndsWithNewLine(path))
            damaged.RemoveAt(damaged.Count - 1);
        if (damaged.Count > 0)
            report?.Invoke(Sentence(path, damaged));
        File.Move(kept, path, overwrite: true);
        return written;
    }

    private static string Sentence(string path, List<long> damaged) =>
        damaged.Count == 1
            ? string.Create(CultureInfo.InvariantCulture, $"Line {damaged[0]} of {path} is damaged and left out; all others are kept.")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{damaged.Count} lines of {path} are damaged and left out, line {damaged[0]} first; all others are kept."
            );

    private static bool EndsWithNewLine(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length == 0)
            return true;
        file.Position = file.Length - 1;
        return file.ReadByte() == '\n';
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
