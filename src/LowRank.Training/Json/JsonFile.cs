using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using LowRank.Training.Files;

namespace LowRank.Training.Json;

/// <summary>
/// Reads JSON that others have written. What comes out is well-formed throughout: every string is text, no object has a key twice, nothing
/// is nested deeper than anybody means it to be.
/// </summary>
internal static class JsonFile
{
    private const long MostBytes = 512L << 20;
    private const int MostDepth = 64;

    /// <summary>Reads a file.</summary>
    /// <exception cref="WrongJsonException">It can't be read, or is no such JSON; the file and the line are named.</exception>
    public static JsonPlace Read(string path, JsonForm form = JsonForm.Strict)
    {
        try
        {
            SpecialFile.Refuse(path);
            using var stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
                throw new WrongJsonException(path, $"has {Number(stream.Length)} bytes, more than the {Number(MostBytes)} that are read");
            var json = new byte[stream.Length];
            stream.ReadExactly(json);
            return Parse(json, path, form);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WrongJsonException(path, $"cannot be read: {exception.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Reads bytes.</summary>
    /// <param name="json">The bytes, with or without a byte order mark.</param>
    /// <param name="file">What messages call them.</param>
    /// <param name="form">What is allowed beyond the standard.</param>
    /// <exception cref="WrongJsonException">They are no such JSON; the line is named.</exception>
    public static JsonPlace Parse(ReadOnlySpan<byte> json, string file, JsonForm form = JsonForm.Strict)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        if (!Utf8.IsValid(json))
            throw new WrongJsonException(file, "not JSON: it is not UTF-8");
        var comments = form == JsonForm.WithComments;
        try
        {
            CheckTokens(json, file, comments);
            return new JsonPlace(
                file,
                "",
                JsonElement.Parse(
                    json,
                    new JsonDocumentOptions
                    {
                        MaxDepth = MostDepth,
                        AllowDuplicateProperties = false,
                        AllowTrailingCommas = comments,
                        CommentHandling = comments ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
                    }
                )
            );
        }
        catch (JsonException exception)
        {
            // The library adds place and byte, counted from 0.
            var reason = exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
            var line = exception.LineNumber is { } number ? $" in line {Number(number + 1)}" : "";
            throw new WrongJsonException(file, $"not JSON{line}: {ShownText.Of(reason, most: 200)}");
        }
    }

    // The library would say both only when a string is asked for, or the depth as a setting of its own.
    private static void CheckTokens(ReadOnlySpan<byte> json, string file, bool comments)
    {
        var reader = new Utf8JsonReader(
            json,
            new JsonReaderOptions
            {
                MaxDepth = int.MaxValue,
                AllowTrailingCommas = comments,
                CommentHandling = comments ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
            }
        );
        while (reader.Read())
        {
            if (reader.CurrentDepth >= MostDepth)
                throw new WrongJsonException(
                    file,
                    $"not usable: line {Line(json, reader)} nests objects and lists deeper than {MostDepth}"
                );
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && !IsText(reader))
                throw new WrongJsonException(
                    file,
                    $"not usable: line {Line(json, reader)} has a string with half of a surrogate pair, which is no text"
                );
        }
    }

    private static bool IsText(Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Line(ReadOnlySpan<byte> json, Utf8JsonReader reader) =>
        Number(json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
