using System.Globalization;
using System.Text.Json;
using LowRank.EndToEnd.Tests.Processes;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>A small run of several ranks by the command line, its text prepared beforehand.</summary>
internal static class RankedRun
{
    /// <summary>A short text, which is prepared by the first that trains.</summary>
    public static string Text(WorkFolder folder)
    {
        var path = folder.Under("short.txt");
        if (!File.Exists(path))
            File.WriteAllText(path, File.ReadAllText(Path.Combine(folder.Text, "LowRank.Training.xml"))[..60_000]);
        return path;
    }

    /// <summary>The arguments of <c>train</c>.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="output">The run's folder.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="more">Further arguments.</param>
    public static string[] Arguments(WorkFolder folder, string output, int steps, params string[] more) =>
        [
            "train",
            "PaperXs",
            "--variant",
            "guided",
            "--text",
            Text(folder),
            "--cache",
            folder.Under("cache"),
            "--output",
            output,
            "--steps",
            steps.ToString(CultureInfo.InvariantCulture),
            "--batch",
            "4",
            "--micro-batch",
            "1",
            "--context",
            "16",
            "--checkpoint-every",
            "3",
            "--evaluate-every",
            "100000",
            "--evaluation-sequences",
            "2",
            "--seed",
            "3",
            "--threads",
            "1",
            .. more,
        ];

    /// <summary>The losses of all steps. The last word on each: a kill may come after a step was logged and before it was saved.</summary>
    public static SortedDictionary<long, double> Losses(string run)
    {
        var losses = new SortedDictionary<long, double>();
        foreach (var line in File.ReadLines(Path.Combine(run, "metrics.jsonl")))
        {
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.TryGetProperty("learningRate", out _))
                losses[entry.RootElement.GetProperty("step").GetInt64()] = entry.RootElement.GetProperty("loss").GetDouble();
        }

        return losses;
    }

    /// <summary>How often a text is said.</summary>
    public static int Times(string text, string said) => text.Split(said).Length - 1;
}
