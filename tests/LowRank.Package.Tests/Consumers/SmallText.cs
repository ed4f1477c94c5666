using System.Globalization;

namespace LowRank.Package.Tests.Consumers;

/// <summary>A text to train on in seconds.</summary>
internal static class SmallText
{
    private static readonly string[] Words = ["weight", "layer", "rank", "guide", "step", "loss", "width", "depth", "token", "head"];

    /// <summary>Writes it into a new folder of a project.</summary>
    /// <returns>The folder's name.</returns>
    public static string Write(string project)
    {
        var folder = Directory.CreateDirectory(Path.Combine(project, "text")).FullName;
        for (var file = 0; file < 20; file++)
        {
            var lines = Enumerable
                .Range(0, 200)
                .Select(line =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the {Words[(file + line) % 10]} of {Words[line * line % 10]} {file * line} follows the {Words[line % 7]}"
                    )
                );
            File.WriteAllLines(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{file}.txt")), lines);
        }

        return "text";
    }

    /// <summary>The options of a run over it that takes seconds.</summary>
    public static string[] TrainingOptions(string project) =>
        ["--text", Write(project), "--cache", "cache", "--output", "run", "--steps", "3", "--batch", "2", "--context", "16"];
}
