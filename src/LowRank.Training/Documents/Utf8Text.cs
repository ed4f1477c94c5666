using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LowRank.Training.Documents;

/// <summary>Where characters begin and end in UTF-8 bytes.</summary>
internal static class Utf8Text
{
    /// <summary>What is wrong with bytes that should be a text; null for nothing.</summary>
    public static string? Fault(ReadOnlySpan<byte> text) =>
        text.Contains((byte)0) ? "holds a byte of zero"
        : Utf8.IsValid(text) ? null
        : "is not UTF-8";

    /// <summary>Length of the longest prefix that is valid UTF-8.</summary>
    public static int ValidPrefix(ReadOnlySpan<byte> text)
    {
        var valid = 0;
        while (valid < text.Length && Rune.DecodeFromUtf8(text[valid..], out _, out var length) == OperationStatus.Done)
            valid += length;

        return valid;
    }

    /// <summary>
    /// The length without a character at the end of which bytes are missing; all of it when nothing else would be left.
    /// </summary>
    public static int LengthOfWholeCharacters(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= Math.Min(4, text.Length - 1); back++)
        {
            if (Rune.DecodeFromUtf8(text[^back..], out _, out _) == OperationStatus.NeedMoreData)
                return text.Length - back;
        }

        return text.Length;
    }
}
