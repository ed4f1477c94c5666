using System.Text;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads the pages of a crawl from WARC and WET files. A document is a record of the type <c>conversion</c> in plain text; others are
/// skipped.
/// </summary>
internal sealed class WebArchive(Stream stream, RecordReading reading)
{
    private const string NotText = "not UTF-8";

    private readonly WarcReader records = new(stream, reading);

    /// <summary>The crawl, where the file itself says it.</summary>
    private string? dump;

    /// <summary>The records with a text.</summary>
    /// <exception cref="InputException">The file is no WARC or ends within a record, or its first text is none.</exception>
    public IEnumerable<TextRecord> ReadRecords()
    {
        while (records.TryReadHeaders() is { } headers)
        {
            if (Read(headers) is { Length: > 0 } text)
                yield return new TextRecord(text, records.Number, reading.WithMetadata ? Describe(headers) : null);
        }
    }

    private byte[]? Read(WarcHeaders headers)
    {
        var isKind = headers.Type is "conversion" && headers.Media is "" or "text/plain";
        var isAbout = headers.Type is "warcinfo" && reading.WithMetadata;
        var fits = headers.Length <= reading.Limits.LargestRecord;
        records.ReadContent(headers.Length!.Value, keep: fits && (isKind || isAbout));
        if (isAbout)
            dump ??= CrawlName.Within(Encoding.Latin1.GetString(records.Content));

        return isKind ? TakeText(fits) : null;
    }

    private byte[]? TakeText(bool isKept)
    {
        var text = records.Content;
        var fault = isKept ? Utf8Text.Fault(text) : reading.Limits.RecordFault;
        if (fault is null)
        {
            reading.Accept();
            var trimmed = text.Trim("\r\n"u8).ToArray();
            return LineEnds.Normalize(trimmed).ToArray();
        }

        reading.PassOver(records.Place(fault), NotText, $"Make it anew, or leave it out.");
        return null;
    }

    private RecordMetadata Describe(WarcHeaders headers)
    {
        headers.Metadata.Offer("dump", dump);
        return headers.Metadata;
    }
}
