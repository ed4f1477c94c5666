using System.Text;

namespace LowRank.Training.CommandLine;

/// <summary>
/// Keeps a message short enough to be read, whatever a file's names and values are: its beginning says what, its end what to do.
/// </summary>
internal static class MessageLength
{
    private const int MostBytes = 1_900;

    /// <summary>The message, its middle left out where it is too long.</summary>
    public static string Limit(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= MostBytes)
            return message;
        var runes = message.EnumerateRunes().ToArray();
        return $"{Take(runes, MostBytes * 3 / 4)} … {string.Concat(Take([.. runes.Reverse()], MostBytes / 4).EnumerateRunes().Reverse())}";
    }

    private static string Take(Rune[] runes, int bytes)
    {
        var text = new StringBuilder();
        foreach (var rune in runes)
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0)
                break;
            text.Append(rune.ToString());
        }

        return text.ToString();
    }
}
