using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LowRank.Training.Data;

/// <summary>Reads files of one JSON object a line; the document is the string in its <c>text</c>. Blank lines are passed over.</summary>
internal static class JsonLines
{
    /// <summary>The documents of a stream, without those whose text is empty.</summary>
    /// <exception cref="InputException">A line is not UTF-8, no JSON object, or has no string <c>text</c>; file and line are named.</exception>
    public static IEnumerable<byte[]> ReadDocuments(Stream stream, string file)
    {
        var lines = new LineReader(stream, file);
        while (TryReadText(lines, file, out byte[] text))
        {
            if (text.Length > 0)
            {
                yield return text;
            }
        }
    }

    private static bool TryReadText(LineReader lines, string file, out byte[] text)
    {
        text = [];
        if (!lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (line.Trim(" \t"u8).IsEmpty)
        {
            return true;
        }

        try
        {
            text = ReadText(line) ?? throw Refusal(file, lines.Line, "has no string named \"text\"");
        }
        catch (JsonException exception)
        {
            throw Refusal(file, lines.Line, $"is no JSON object ({exception.Message.TrimEnd('.')})");
        }
        catch (InvalidOperationException)
        {
            // The one way in which a valid string cannot become text.
            throw Refusal(file, lines.Line, "has a \"text\" with half of a surrogate pair, which is no text");
        }

        return true;
    }

    private static byte[]? ReadText(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        byte[]? text = null;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        // To the end of the line, so that a line cut off after its text is an error too.
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
            {
                continue;
            }

            bool wanted = json.ValueTextEquals("text"u8);
            json.Read();
            if (wanted)
            {
                text = json.TokenType == JsonTokenType.String ? Unescape(json) : null;
            }
        }

        return text;
    }

    private static byte[] Unescape(Utf8JsonReader json) =>
        Encoding.UTF8.GetBytes(json.GetString()!.Replace("\r\n", "\n", StringComparison.Ordinal));

    private static InputException Refusal(string file, long line, string reason) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Line {line} of '{file}' {reason}. Each line must be a JSON object such as {{\"text\": \"…\"}}."));
}
