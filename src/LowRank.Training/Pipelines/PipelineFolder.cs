using System.Globalization;

namespace LowRank.Training.Pipelines;

/// <summary>Where a pipeline writes what.</summary>
/// <param name="root">Its output folder.</param>
internal sealed class PipelineFolder(string root)
{
    /// <summary>Whether a folder is the output of a pipeline.</summary>
    public static bool IsOne(string path) =>
        new PipelineFolder(path) is var folder && File.Exists(folder.Plan) && Directory.Exists(folder.Done(""));

    /// <summary>The declaration and the files that it was begun with.</summary>
    public string Plan => Path.Combine(root, "plan.json");

    /// <summary>What is left, a file for each unit.</summary>
    public string Documents => Path.Combine(root, "documents");

    /// <summary>The tokens.</summary>
    public string Tokens => Path.Combine(root, "tokens");

    /// <summary>The report as JSON.</summary>
    public string Report => Path.Combine(root, "report.json");

    /// <summary>The report as a page.</summary>
    public string Page => Path.Combine(root, "report.html");

    /// <summary>What goes when all is done.</summary>
    public string Work => Path.Combine(root, "work");

    /// <summary>Completion markers, which stay: a stage for each folder.</summary>
    public string Done(string stage) => Path.Combine(root, "done", stage);

    /// <summary>The marker of a task.</summary>
    public string Done(string stage, int task) => Path.Combine(Done(stage), Number(task) + ".json");

    /// <summary>Held by the process that does a task.</summary>
    public string Lock(string stage, int task) => Path.Combine(Work, "locks", stage, Number(task) + ".lock");

    /// <summary>Where files lie until they are whole.</summary>
    public string Unfinished => Path.Combine(Work, "unfinished");

    /// <summary>What a pass leaves of a unit.</summary>
    /// <param name="pass">The pass, from 0.</param>
    /// <param name="isLast">Whether it is the last.</param>
    /// <param name="unit">The unit.</param>
    public string DocumentsOf(int pass, bool isLast, int unit) =>
        Path.Combine(
            isLast ? Documents : Path.Combine(Work, string.Create(CultureInfo.InvariantCulture, $"pass-{pass}")),
            Number(unit) + DocumentWriter.Extension
        );

    /// <summary>What a search for duplicates writes.</summary>
    public string Duplicates(string step) => Path.Combine(Work, step);

    /// <summary>The tokens of one unit, before they are cut into shards.</summary>
    public string TokensOf(int unit) => Path.Combine(Work, "tokens", Number(unit) + ".tokens");

    /// <summary>The tokenizer that was trained.</summary>
    public string Tokenizer => Path.Combine(Work, "tokenizer.json");

    private static string Number(int number) => number.ToString("00000", CultureInfo.InvariantCulture);
}
