using System.Text.Json;

namespace LowRank.Training.Documents;

/// <summary>A file of the user's text.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Folder">The folder in which it was found and may be passed over; null if it was named, and must be readable.</param>
internal sealed record TextFile(string Path, string? Folder)
{
    /// <summary>
    /// Opens it and gives its records; <paramref name="hash"/> is that of all its bytes, once the last one has been taken.
    /// </summary>
    /// <exception cref="InputException">It is not what its name says, or no text.</exception>
    public IEnumerable<TextRecord> ReadRecords(RecordReading reading, Action<string> hash) =>
        TextKind.FormatOf(Path) == TextFormat.Parquet ? ReadParquet(reading, hash) : ReadStream(reading, hash);

    private IEnumerable<TextRecord> ReadStream(RecordReading reading, Action<string> hash)
    {
        using var bytes = CompressedFile.Guard(Path, () => HashedStream.Open(Path));
        using var content = CompressedFile.Guard(Path, () => CompressedFile.Open(Path, bytes, reading.Limits));
        using var records = CompressedFile.Guard(Path, () => Records(content, reading)).GetEnumerator();
        while (CompressedFile.Guard(Path, records.MoveNext))
            yield return records.Current;

        hash(CompressedFile.Guard(Path, () => bytes.HashToEnd(reading.Cancellation)));
    }

    /// <summary>A file that isn't read from its beginning to its end is hashed afterwards, without being opened again.</summary>
    private IEnumerable<TextRecord> ReadParquet(RecordReading reading, Action<string> hash)
    {
        using var bytes = CompressedFile.Guard(Path, () => HashedStream.Open(Path));
        using var records = ParquetTable.ReadRecords(bytes.Unhashed, reading).GetEnumerator();
        while (CompressedFile.Guard(Path, records.MoveNext))
            yield return records.Current;

        bytes.Unhashed.Position = 0;
        hash(CompressedFile.Guard(Path, () => bytes.HashToEnd(reading.Cancellation)));
    }

    /// <summary>Whether its text stands in a column or member with a name.</summary>
    public bool HasColumns => TextKind.FormatOf(Path) is not (TextFormat.Plain or TextFormat.WebArchive);

    /// <summary>How its bytes become documents, for the key of prepared text.</summary>
    public string Reading(string column) =>
        TextKind.FormatOf(Path) switch
        {
            TextFormat.Plain => "file",
            TextFormat.WebArchive => "web text",
            // The number goes up when the same files would give other documents.
            _ => $"records 2 by {JsonEncodedText.Encode(column)}",
        };

    private IEnumerable<TextRecord> Records(Stream content, RecordReading reading) =>
        TextKind.FormatOf(Path) switch
        {
            TextFormat.JsonLines => JsonLines.ReadRecords(content, reading),
            TextFormat.Json => JsonFile.ReadRecords(content, reading),
            TextFormat.Table => CsvTable.ReadRecords(content, reading),
            TextFormat.WebArchive => new WebArchive(content, reading).ReadRecords(),
            _ => PlainText.ReadRecords(content, reading),
        };
}
