using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LowRank.Training.Documents;
using LowRank.Training.Files;
using LowRank.Training.Json;

namespace LowRank.Training.Pipelines;

/// <summary>
/// The declaration and the input files that an output folder was begun with. Every process of a pipeline writes or finds the same one, so
/// that no part of the work can belong to another declaration.
/// </summary>
internal sealed record PipelinePlan
{
    private const string Current = "lowrank-pipeline-1";

    /// <summary>Names the format and its version.</summary>
    public string Format { get; init; } = Current;

    public string? TextColumn { get; init; }

    public string Words { get; init; } = "";

    public long LargestDocument { get; init; }

    public long LargestFile { get; init; }

    /// <summary>The steps with all of their options, defaults included.</summary>
    public IReadOnlyList<JsonObject> Steps { get; init; } = [];

    /// <summary>Files that steps read, each with the hash of its bytes.</summary>
    public IReadOnlyDictionary<string, string> Lists { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The input files in their order.</summary>
    public IReadOnlyList<PipelineUnit> Units { get; init; } = [];

    /// <summary>What was passed over in folders, by reason.</summary>
    public IReadOnlyDictionary<string, int> Skipped { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The same, each by its name.</summary>
    [JsonIgnore]
    public IReadOnlyList<SkippedText> SkippedFiles { get; init; } = [];

    /// <summary>Looks for the input files.</summary>
    /// <exception cref="InputException">One is missing, or a file of a step's can't be read.</exception>
    public static PipelinePlan Of(Pipeline pipeline, CancellationToken cancellation)
    {
        var (files, skipped) = TextFileSearch.Find(pipeline.Input, cancellation);
        var lists = pipeline.Steps.SelectMany(step => step.Files).Distinct(StringComparer.Ordinal);
        return new PipelinePlan
        {
            TextColumn = pipeline.TextColumn,
            Words = pipeline.Words,
            LargestDocument = pipeline.LargestDocument,
            LargestFile = pipeline.LargestFile,
            Steps =
            [
                .. pipeline.Steps.Select(step =>
                {
                    var all = new JsonObject { ["step"] = step.Name };
                    foreach (var (key, value) in step.Settings)
                        all[key] = value?.DeepClone();
                    return all;
                }),
            ],
            Lists = new SortedDictionary<string, string>(lists.ToDictionary(list => list, HashOf), StringComparer.Ordinal),
            Units = [.. files.Select(file => new PipelineUnit(file.Path, new FileInfo(file.Path).Length, file.Folder is null))],
            SkippedFiles = skipped,
            Skipped = new SortedDictionary<string, int>(
                skipped.GroupBy(file => file.Reason, StringComparer.Ordinal).ToDictionary(files => files.Key, files => files.Count()),
                StringComparer.Ordinal
            ),
        };
    }

    /// <summary>Writes it where none is; one that is there must be the same.</summary>
    /// <exception cref="InputException">The folder was begun with another one; what differs is said.</exception>
    public void Begin(string path)
    {
        if (!File.Exists(path))
        {
            // Of a process that begins at the same moment there is this file, or its beginning.
            var folder = Path.GetDirectoryName(path)!;
            var others = WritableFolder.Entries(folder).Where(entry => !AtomicFile.IsUnfinished(entry, path)).ToList();
            if (others.Count > 0 && !File.Exists(path))
                throw NewFolder.NotEmpty(folder);
            if (others.Count == 0)
            {
                AtomicFile.Write(path, Bytes());
                return;
            }
        }

        if (Difference(Load(path)) is { } difference)
            throw new InputException(
                $"'{Path.GetDirectoryName(path)}' was begun with another pipeline: {difference}. Name another output folder, or remove this one."
            );
    }

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, PipelineJson.Default.PipelinePlan);

    private static PipelinePlan Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), PipelineJson.Default.PipelinePlan) is { Format: Current } plan
                ? plan
                : throw new JsonException("its format is another");
        }
        catch (JsonException exception)
        {
            throw new InputException(
                $"'{path}' is not what a pipeline was begun with ({exception.Message.TrimEnd('.')}); name another output folder."
            );
        }
    }

    // What differs, the first of it; null for nothing.
    private string? Difference(PipelinePlan other)
    {
        var (here, there) = (Steps.Select(step => step.ToJsonString()), other.Steps.Select(step => step.ToJsonString()));
        if (here.Except(there, StringComparer.Ordinal).FirstOrDefault() is { } added)
            return $"the step {ShownText.Of(added, most: 300)} is new or changed";
        if (there.Except(here, StringComparer.Ordinal).FirstOrDefault() is { } removed)
            return $"the step {ShownText.Of(removed, most: 300)} is gone";
        if (!here.SequenceEqual(there, StringComparer.Ordinal))
            return "its steps came in another order";
        if (
            TextColumn != other.TextColumn
            || Words != other.Words
            || LargestDocument != other.LargestDocument
            || LargestFile != other.LargestFile
        )
            return "textColumn, words, largestDocument or largestFile was another";
        if (Lists.FirstOrDefault(list => other.Lists.GetValueOrDefault(list.Key) != list.Value) is { Key: { } list })
            return $"'{list}' is new or has changed";
        if (Units.Except(other.Units).FirstOrDefault() is { } unit)
            return $"the file '{unit.Path}' is new or has changed";
        if (other.Units.Except(Units).FirstOrDefault() is { } gone)
            return $"the file '{gone.Path}' is gone or has changed";
        return Units.SequenceEqual(other.Units) ? null : "its files came in another order";
    }

    private static string HashOf(string list)
    {
        try
        {
            using var stream = File.OpenRead(list);
            var hash = new XxHash128();
            hash.Append(stream);
            return hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The file '{list}' of a step cannot be read: {exception.Message}");
        }
    }
}
