using System.Globalization;

namespace LowRank.Training.Documents;

/// <summary>
/// Text of the user's: UTF-8 files, and folders of them. Files of records (<c>.jsonl</c>, <c>.json</c>, <c>.csv</c>, <c>.parquet</c>,
/// <c>.wet</c>) have a document in each; any other is plain text, cut into documents at blank lines. All but Parquet may be compressed
/// (<c>.gz</c>, <c>.zst</c>). A file that is named must be readable; what is no text in a folder is passed over, and counted, as are
/// broken records.
/// </summary>
internal sealed class TextFiles : IDocumentSource
{
    private readonly IReadOnlyList<TextFile> files;
    private readonly Dictionary<string, string> hashes = new(StringComparer.Ordinal);
    private readonly List<SkippedText> skipped;
    private readonly string column;

    /// <summary>What the last reading of a file has passed over within it, in the order of the files.</summary>
    private readonly List<BrokenRecords> broken = [];

    /// <summary>Those of a folder's files that a reading has found to be no text.</summary>
    private readonly HashSet<string> unreadable = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes files in the order given; a folder gives the files below it in ordinal order, without hidden ones and those whose extension
    /// says that they are no text. Reads every file through once, for its hash.
    /// </summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="column">The member or column that holds the text in records.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="InputException">A path does not exist, names no text, or no file is left.</exception>
    public TextFiles(IReadOnlyList<string> paths, string column = TextOptions.UsualColumn, CancellationToken cancellation = default)
    {
        this.column = column;
        var (found, passedOver) = TextFileSearch.Find(paths, cancellation);
        if (found.Count == 0)
            throw new InputException($"No text is named; name text files ({TextKind.All}) or folders that hold some.");

        skipped = [.. passedOver];
        files = [.. found.Where(file => TryHash(file, cancellation))];
        RefuseEmptyFolders(found, files);
        Description =
            files.Count == 1
                ? files[0].Path
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{files.Count} text files from {string.Join(", ", paths.Select(path => $"'{path}'"))}"
                );
        Identity = string.Join('\n', files.Select(file => $"{file.Reading(column)} {file.Path} {hashes[file.Path]}"));
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public IReadOnlyList<SkippedText> Skipped => [.. skipped];

    /// <inheritdoc/>
    public BrokenRecords? Broken => broken.Count == 0 ? null : broken[0] with { Count = broken.Sum(file => file.Count) };

    /// <inheritdoc/>
    public IEnumerable<byte[]> ReadDocuments(CancellationToken cancellation = default)
    {
        var readable = new List<TextFile>();
        broken.Clear();
        foreach (var file in files)
        {
            if (!IsReadable(file, cancellation))
                continue;

            readable.Add(file);
            var hash = "";
            var reading = new RecordReading(file.Path, column, cancellation);
            foreach (var record in file.ReadRecords(reading, value => hash = value))
                yield return record.Text;
            if (reading.Broken is { } found)
                broken.Add(found);

            if (hash != hashes[file.Path])
                throw new InputException($"The text file '{file.Path}' changed while it was read; start again when it is written.");
        }

        RefuseEmptyFolders(files, readable);
    }

    private bool TryHash(TextFile file, CancellationToken cancellation)
    {
        try
        {
            hashes.Add(file.Path, CompressedFile.Guard(file.Path, () => HashedStream.HashOf(file.Path, cancellation)));
            return true;
        }
        catch (UnusableTextException exception) when (file.Folder is not null)
        {
            skipped.Add(new SkippedText(file.Path, exception.Reason));
            return false;
        }
    }

    /// <summary>
    /// Reads a file of a folder through: what is wrong with it may stand at its end, and half of a file is not to be trained on. One that
    /// is named needs no such look, since what is wrong with it ends the program.
    /// </summary>
    private bool IsReadable(TextFile file, CancellationToken cancellation)
    {
        try
        {
            return file.Folder is null || file.ReadRecords(new RecordReading(file.Path, column, cancellation), _ => { }).All(_ => true);
        }
        catch (UnusableTextException exception)
        {
            if (unreadable.Add(file.Path))
                skipped.Add(new SkippedText(file.Path, exception.Reason));

            return false;
        }
    }

    private void RefuseEmptyFolders(IReadOnlyList<TextFile> before, IReadOnlyList<TextFile> after)
    {
        HashSet<string?> left = [.. after.Select(file => file.Folder)];
        if (before.FirstOrDefault(file => !left.Contains(file.Folder)) is { Folder: { } folder })
            throw TextFileSearch.NothingLeft(folder, [.. skipped.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal))]);
    }
}
