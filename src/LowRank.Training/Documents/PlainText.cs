namespace LowRank.Training.Documents;

/// <summary>
/// Cuts plain text into documents, so that one long file too can be split into training and validation: at the first blank line after
/// <see cref="Enough"/> bytes, or at the end of a line when none comes before <see cref="TooMuch"/>.
/// </summary>
internal static class PlainText
{
    /// <summary>About a thousand tokens: a few windows of a small model, and some fifty documents for validation in each 4 MB.</summary>
    private const int Enough = 4096;

    private const int TooMuch = 4 * Enough;

    /// <summary>The pieces of a stream of UTF-8 text.</summary>
    /// <exception cref="InputException">The text is not UTF-8.</exception>
    public static IEnumerable<TextRecord> ReadRecords(Stream stream, RecordReading reading)
    {
        var lines = new LineReader(stream, reading.File, Enough, reading.Cancellation);
        var number = 0L;
        using var document = new MemoryStream();
        while (TryAppendLine(lines, document, out var blank))
        {
            if (document.Length >= TooMuch || (blank && document.Length >= Enough))
            {
                if (Take(document) is { Length: > 0 } text)
                    yield return new TextRecord(text, ++number);
            }
        }

        if (Take(document) is { Length: > 0 } last)
            yield return new TextRecord(last, ++number);
    }

    private static bool TryAppendLine(LineReader lines, MemoryStream document, out bool blank)
    {
        var begins = lines.LineEnded;
        var more = lines.TryRead(out var line);
        blank = begins && line.Trim(" \t"u8).IsEmpty;
        document.Write(line);
        if (more && lines.LineEnded)
            document.WriteByte((byte)'\n');

        return more;
    }

    /// <summary>The document's text without the line ends around it.</summary>
    private static byte[] Take(MemoryStream document)
    {
        var text = document.GetBuffer().AsSpan(0, (int)document.Length).Trim((byte)'\n').ToArray();
        document.SetLength(0);
        return text;
    }
}
