using System.Text;

namespace LowRank.Training.Documents;

/// <summary>
/// Reads the pages of a crawl from WARC and WET files. A document is a record of the type <c>conversion</c> in plain text, or the main text
/// of one of the type <c>response</c>, if it was answered with 200 and HTML; other records are skipped.
/// </summary>
internal sealed class WebArchive(Stream stream, RecordReading reading)
{
    private const string NotText = "not UTF-8";
    private const string NoPage = "no HTML";

    private readonly WarcReader records = new(stream, reading);

    private MainText? mainText;

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
        var isText = headers.Type is "conversion" && headers.Media is "" or "text/plain";
        var isAnswer = headers.Type is "response" && headers.Media is "" or "application/http";
        var isAbout = headers.Type is "warcinfo" && reading.WithMetadata;
        var fits = headers.Length <= reading.Limits.LargestRecord;
        records.ReadContent(headers.Length!.Value, keep: fits && (isText || isAnswer || isAbout));
        if (isAbout)
            dump ??= CrawlName.Within(Encoding.Latin1.GetString(records.Content));

        return isText ? TakeText(fits)
            : isAnswer ? TakeAnswer(headers, fits)
            : null;
    }

    /// <summary>The main text of a page; null if there is none, which is counted by reason.</summary>
    private byte[]? TakeAnswer(WarcHeaders headers, bool isKept)
    {
        var reason = isKept ? null : MainText.TooLarge;
        var text = isKept ? ReadPage(headers, out reason) : null;
        if (text is null)
        {
            reading.AcceptWithoutText(reason!);
            return null;
        }

        reading.Accept();
        return Encoding.UTF8.GetBytes(text);
    }

    private string? ReadPage(WarcHeaders headers, out string? reason)
    {
        reason = null;
        var answer = HttpAnswer.Read(records.Content);
        if (answer.Status != 200)
            reason = "not answered with 200";
        else if ((headers.PayloadMedia is [_, ..] found ? found : answer.Media) is [_, ..] media && !IsPage(media))
            reason = NoPage;
        if (reason is not null)
            return null;

        if (answer.ReadBody(records.Content, (int)Math.Min(MainText.MostBytes, reading.Limits.LargestRecord)) is not { } body)
            reason = "page too large or compressed otherwise";
        else if (answer.Media.Length == 0 && headers.PayloadMedia.Length == 0 && !LooksLikePage(body))
            reason = NoPage;
        else if (PageEncoding.Decode(body, answer.Charset) is not { } page)
            reason = "page not in its encoding";
        else
            return (mainText ??= new MainText()).Read(page, out reason);

        return null;
    }

    private static bool IsPage(string media) => media is "text/html" or "application/xhtml+xml";

    /// <summary>Where nobody says what it is: whether it begins as pages do.</summary>
    private static bool LooksLikePage(ReadOnlySpan<byte> body)
    {
        var start = body[(body.StartsWith("\uFEFF"u8) ? 3 : 0)..].TrimStart(" \t\r\n\f"u8);
        return StartsWith(start, "<!doctype html"u8) || StartsWith(start, "<html"u8) || StartsWith(start, "<head"u8);
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Ascii.EqualsIgnoreCase(text[..start.Length], start);

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
