using System.Buffers;
using System.Globalization;
using System.Text;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization.Normalization;

/// <summary>Rewrites every character by itself.</summary>
/// <param name="map">Writes what becomes of a character.</param>
/// <param name="leavesAscii">Whether characters of ASCII stay as they are.</param>
internal sealed class CharacterNormalizer(Action<Rune, CharacterWriter> map, bool leavesAscii = false) : TextNormalizer
{
    /// <summary>Lower case, character by character: without the final sigma of words.</summary>
    public static CharacterNormalizer Lowercase { get; } =
        new(
            (character, writer) =>
            {
                if (character.Value == 0x130)
                {
                    // Simple case mappings leave it as it is; its full one is two characters.
                    writer.Write(new Rune('i'));
                    writer.Write(new Rune(0x307));
                    return;
                }

                writer.Write(Rune.ToLowerInvariant(character));
            }
        );

    /// <summary>Leaves out all marks.</summary>
    public static CharacterNormalizer StripAccents { get; } =
        new(
            (character, writer) =>
            {
                if (
                    Rune.GetUnicodeCategory(character)
                    is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
                )
                    writer.Write(character);
            },
            leavesAscii: true
        );

    /// <summary>Leaves out marks that take no space of their own.</summary>
    public static CharacterNormalizer StripNonSpacing { get; } =
        new(
            (character, writer) =>
            {
                if (Rune.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
                    writer.Write(character);
            },
            leavesAscii: true
        );

    /// <summary>Leaves out control characters, and makes every white space a space, as BERT does.</summary>
    public static CharacterNormalizer CleanText { get; } =
        new(
            (character, writer) =>
            {
                if (character.Value is '\t' or '\n' or '\r' || Rune.IsWhiteSpace(character) && !IsOther(character))
                    writer.Write(new Rune(' '));
                else if (character.Value is not (0 or 0xFFFD) && !IsOther(character))
                    writer.Write(character);
            }
        );

    /// <summary>Sets spaces around ideographs, as BERT does.</summary>
    public static CharacterNormalizer SpaceIdeographs { get; } =
        new(
            (character, writer) =>
            {
                if (!IsIdeograph(character.Value))
                {
                    writer.Write(character);
                    return;
                }

                writer.Write(new Rune(' '));
                writer.Write(character);
                writer.Write(new Rune(' '));
            },
            leavesAscii: true
        );

    /// <summary>The cleaning of text for translation that SentencePiece calls <c>nmt</c>.</summary>
    public static CharacterNormalizer Nmt { get; } =
        new(
            (character, writer) =>
            {
                switch (character.Value)
                {
                    case (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F:
                        return;
                    case 9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD:
                        writer.Write(new Rune(' '));
                        return;
                    default:
                        writer.Write(character);
                        return;
                }
            }
        );

    public override ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        if (text.IsEmpty || (leavesAscii && Ascii.IsValid(text)))
            return text;
        var writer = new CharacterWriter(text.Length);
        var pace = new StopPace(cancellation);
        while (!text.IsEmpty)
        {
            pace.Step();
            if (Rune.DecodeFromUtf8(text, out var character, out var length) == OperationStatus.Done)
                map(character, writer);
            else
                writer.Write(text[..(length = 1)]);
            text = text[length..];
        }

        return writer.Written;
    }

    // Control and format characters, and those that aren't assigned.
    private static bool IsOther(Rune character) =>
        Rune.GetUnicodeCategory(character)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;

    private static bool IsIdeograph(int character) =>
        character
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);
}

/// <summary>Collects characters in UTF-8.</summary>
internal sealed class CharacterWriter(int capacity)
{
    private readonly ArrayBufferWriter<byte> bytes = new(Math.Max(capacity, 16));

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public void Write(Rune character) => bytes.Advance(character.EncodeToUtf8(bytes.GetSpan(4)));

    public void Write(ReadOnlySpan<byte> text) => bytes.Write(text);
}
