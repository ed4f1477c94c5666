using System.Globalization;

namespace LowRank.Training.Data;

/// <summary>
/// Text of the user's: UTF-8 files, and folders of them. A <c>.jsonl</c> file has one document in each line's <c>text</c>; any other is
/// plain text, cut into documents at blank lines. Both may be compressed (<c>.gz</c>, <c>.zst</c>).
/// </summary>
public sealed class TextFiles : IDocumentSource
{
    private readonly IReadOnlyList<string> files;

    /// <summary>
    /// Takes files in the order given; a folder gives the files below it in ordinal order, without hidden ones and those whose extension
    /// says that they are no text.
    /// </summary>
    /// <exception cref="InputException">A path does not exist, names no text, or no file is left.</exception>
    public TextFiles(IReadOnlyList<string> paths)
    {
        files = [.. paths.SelectMany(TextFileSearch.Find).Distinct(StringComparer.Ordinal)];
        if (files.Count == 0)
        {
            throw new InputException($"No text file was found in {Quote(paths)}; name text files (UTF-8, .jsonl, .gz, .zst) or folders that hold some.");
        }

        Description = files.Count == 1
            ? files[0]
            : string.Create(CultureInfo.InvariantCulture, $"{files.Count} text files from {Quote(paths)}");
        Identity = string.Join('\n', files.Select(State));
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public IEnumerable<byte[]> ReadDocuments()
    {
        foreach (string file in files)
        {
            string before = State(file);
            using Stream stream = CompressedFile.Open(file, out string name);
            using IEnumerator<byte[]> documents = (IsJsonLines(name)
                ? JsonLines.ReadDocuments(stream, file)
                : PlainText.ReadDocuments(stream, file)).GetEnumerator();
            while (CompressedFile.Guard(file, documents.MoveNext))
            {
                yield return documents.Current;
            }

            if (State(file) != before)
            {
                throw new InputException($"The text file '{file}' changed while it was read; start again when it is written.");
            }
        }
    }

    private static bool IsJsonLines(string name) =>
        name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);

    private static string State(string file)
    {
        var info = new FileInfo(file);
        return string.Create(CultureInfo.InvariantCulture, $"file {file} {info.Length} {info.LastWriteTimeUtc.Ticks}");
    }

    private static string Quote(IEnumerable<string> paths) => string.Join(", ", paths.Select(path => $"'{path}'"));
}
