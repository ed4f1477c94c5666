using System.Globalization;
using System.Text;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads the documents of one file with what is known of them; of a file one record is in memory at a time, or one row group.
/// </summary>
internal static class DocumentReader
{
    /// <summary>
    /// The documents of a file, none of them empty. Each enumeration reads it anew, but broken records and those without text add up in
    /// <paramref name="reading"/>: give each enumeration its own.
    /// </summary>
    /// <param name="reading">The file, its column, limits, and what ends the reading.</param>
    /// <param name="hash">Told the hash of all the file's bytes once the last document was taken; null if nobody needs it.</param>
    /// <exception cref="InputException">The file can't be read, or is not what its name says.</exception>
    public static IEnumerable<Document> Read(RecordReading reading, Action<string>? hash = null)
    {
        if (TextKind.WhyNotText(reading.File) is { } why)
            throw why;

        var name = Path.GetFileName(reading.File);
        var dump = CrawlName.Within(reading.File);
        foreach (var record in new TextFile(reading.File, Folder: null).ReadRecords(reading, hash ?? (_ => { })))
        {
            yield return new Document
            {
                Id = record.Metadata?.Id ?? string.Create(CultureInfo.InvariantCulture, $"{name}#{record.Number}"),
                Text = Encoding.UTF8.GetString(record.Text),
                Url = record.Metadata?.Url,
                Date = record.Metadata?.Date,
                Dump = record.Metadata?.Dump ?? dump,
                Language = record.Metadata?.Language,
                LanguageScore = record.Metadata?.LanguageScore,
            };
        }
    }

    /// <summary>The same with everything as usual.</summary>
    /// <param name="path">The file.</param>
    /// <param name="column">The column or member that holds the text; null for "text", else "content".</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static IEnumerable<Document> Read(string path, string? column = null, CancellationToken cancellation = default) =>
        Read(new RecordReading(Path.GetFullPath(path), column, cancellation) { WithMetadata = true });
}
