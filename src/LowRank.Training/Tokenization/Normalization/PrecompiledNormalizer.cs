using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization.Normalization;

/// <summary>
/// The rules of a SentencePiece model (<c>precompiled_charsmap</c>: four bytes with the size of a double-array trie, the trie, and the
/// replacements, each ended by a zero), applied as Hugging Face's <c>Precompiled</c> does: to each grapheme of fewer than six bytes that
/// has a rule, and else to its characters; of several rules that a text begins with the shortest counts.
/// </summary>
internal sealed class PrecompiledNormalizer : TextNormalizer
{
    private const int LongestGrapheme = 5;

    private readonly uint[] trie;
    private readonly byte[] replacements;

    private PrecompiledNormalizer(uint[] trie, byte[] replacements) => (this.trie, this.replacements) = (trie, replacements);

    /// <summary>Reads the rules; null where they are damaged.</summary>
    public static PrecompiledNormalizer? TryRead(ReadOnlySpan<byte> rules)
    {
        if (rules.Length < 4)
            return null;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(rules);
        if (size == 0 || size % 4 != 0 || size > rules.Length - 4)
            return null;
        var trie = new uint[size / 4];
        for (var index = 0; index < trie.Length; index++)
            trie[index] = BinaryPrimitives.ReadUInt32LittleEndian(rules[(4 + 4 * index)..]);
        var replacements = rules[(4 + (int)size)..].ToArray();
        return System.Text.Unicode.Utf8.IsValid(replacements) ? new PrecompiledNormalizer(trie, replacements) : null;
    }

    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        if (text.IsEmpty)
            return text;
        var written = new CharacterWriter(text.Length);
        var pace = new StopPace(cancellation);
        var characters = Encoding.UTF8.GetString(text);
        Span<byte> bytes = stackalloc byte[4];
        for (var start = 0; start < characters.Length; )
        {
            pace.Step();
            var length = StringInfo.GetNextTextElementLength(characters, start);
            var grapheme = characters.AsSpan(start, length);
            start += length;
            if (
                Encoding.UTF8.GetByteCount(grapheme) <= LongestGrapheme
                && TryFind(Encoding.UTF8.GetBytes(grapheme.ToString()), out var whole)
            )
            {
                written.Write(whole);
                continue;
            }

            foreach (var character in grapheme.EnumerateRunes())
            {
                var one = bytes[..character.EncodeToUtf8(bytes)];
                written.Write(TryFind(one, out var replacement) ? replacement : one);
            }
        }

        return written.Written;
    }

    // The units of a double-array trie as darts-clone lays them out: label, offset and whether a value follows, in bits.
    private bool TryFind(ReadOnlySpan<byte> key, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        var place = Offset(trie[0]);
        foreach (var value in key)
        {
            place ^= value;
            if (value == 0 || place >= trie.Length || (trie[place] & 0x800000FF) != value)
                return false;
            var unit = trie[place];
            place ^= Offset(unit);
            if ((unit >> 8 & 1) == 0)
                continue;
            if (place >= trie.Length)
                return false;
            var start = trie[place] & 0x7FFFFFFF;
            if (start > replacements.Length)
                return false;
            var rest = replacements.AsSpan((int)start);
            var end = rest.IndexOf((byte)0);
            replacement = end < 0 ? rest : rest[..end];
            return true;
        }

        return false;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
