using System.Text;

namespace LowRank.Training.Tokenization;

/// <summary>
/// The printable stand-ins of the 256 byte values that byte-level vocabularies are written in: printable Latin-1 characters stand for
/// themselves, the other bytes for U+0100 and up, so that no entry of a vocabulary holds white space or a control character.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] CharacterOfByte = BuildCharacters();
    private static readonly Dictionary<char, byte> ByteOfCharacter = BuildBytes();

    /// <summary>The 256 byte values in the order of their characters, which is the order of their ids in GPT-2's vocabulary.</summary>
    public static ReadOnlySpan<byte> BytesInOrder => OrderedBytes;

    private static readonly byte[] OrderedBytes = [.. ByteOfCharacter.OrderBy(pair => pair.Key).Select(pair => pair.Value)];

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
            text.Append(CharacterOfByte[value]);

        return text.ToString();
    }

    /// <summary>The bytes that <paramref name="text"/> stands for; false when it has a character outside the alphabet.</summary>
    public static bool TryRead(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (!ByteOfCharacter.TryGetValue(text[i], out bytes[i]))
                return false;
        }

        return true;
    }

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }

    private static Dictionary<char, byte> BuildBytes()
    {
        var bytes = new Dictionary<char, byte>(256);
        for (var value = 0; value < 256; value++)
            bytes.Add(CharacterOfByte[value], (byte)value);

        return bytes;
    }
}
