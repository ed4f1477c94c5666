using System.Globalization;
using System.Text.Json;
using LowRank.Training.Files;

namespace LowRank.Training.Data;

/// <summary>Reads files of one JSON object a line; the document is the string in its <c>text</c>. Blank lines are passed over.</summary>
internal static class JsonLines
{
    /// <summary>The documents of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">A line is not UTF-8, no JSON object, or has no string <c>text</c>; file and line are
    /// named.</exception>
    public static IEnumerable<byte[]> ReadDocuments(Stream stream, string file, CancellationToken cancellation = default)
    {
        var lines = new LineReader(stream, file, cancellation: cancellation);
        while (TryReadText(lines, file, cancellation, out var text))
        {
            if (text.Length > 0)
                yield return text;
        }
    }

    private static bool TryReadText(LineReader lines, string file, CancellationToken cancellation, out byte[] text)
    {
        text = [];
        if (!lines.TryRead(out var line))
            return false;

        if (line.Trim(" \t"u8).IsEmpty)
            return true;

        try
        {
            text = ReadText(line, cancellation) ?? throw Refusal(file, lines.Line, "has no string named \"text\"");
        }
        catch (JsonException exception)
        {
            throw Refusal(file, lines.Line, $"is no JSON object ({exception.Message.TrimEnd('.')})");
        }
        catch (FormatException exception)
        {
            throw Refusal(file, lines.Line, exception.Message);
        }
        catch (InvalidOperationException)
        {
            // The one way in which a valid string cannot become text.
            throw Refusal(file, lines.Line, "has a \"text\" with half of a surrogate pair, which is no text");
        }

        return true;
    }

    private static byte[]? ReadText(ReadOnlySpan<byte> line, CancellationToken cancellation)
    {
        var json = new Utf8JsonReader(line);
        byte[]? text = null;
        var found = false;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            return null;

        // To the end of the line, so that a line cut off after its text is an error too.
        var pace = new StopPace(cancellation);
        while (json.Read())
        {
            pace.Step();
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                continue;

            var wanted = json.ValueTextEquals("text"u8);
            json.Read();
            if (wanted)
            {
                if (found)
                    throw new FormatException("has \"text\" twice");

                found = true;
                text = json.TokenType == JsonTokenType.String ? Unescape(json) : null;
            }
        }

        return text;
    }

    /// <summary>Without a string between, which a text of a gigabyte wouldn't fit into.</summary>
    private static byte[] Unescape(Utf8JsonReader json)
    {
        var text = new byte[json.ValueSpan.Length];
        var length = json.CopyString(text);
        return WithoutCarriageReturns(text.AsSpan(0, length));
    }

    private static byte[] WithoutCarriageReturns(Span<byte> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\r' || i + 1 == text.Length || text[i + 1] != '\n')
                text[length++] = text[i];
        }

        return text[..length].ToArray();
    }

    private static UnusableTextException Refusal(string file, long line, string reason) =>
        new(
            "no JSON lines with a text",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Line {line} of '{file}' {reason}. Each line must be a JSON object such as {{\"text\": \"…\"}}."
            )
        );
}
