using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace LowRank.Training.Tokenization;

/// <summary>
/// Unicode's normalisation form C of UTF-8 text, which Qwen's tokenisers are given. The platform's own depends on ICU, which a bare machine
/// lacks; without it nothing would be normalised, and ids would depend on the machine.
/// </summary>
internal static class CanonicalComposition
{
    /// <summary>The normalised text; the same memory where it is normalised already. Bytes that are no UTF-8 stay as they are.</summary>
    public static ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> text)
    {
        // Below U+0300, whose first byte is 0xCC, nothing is composed or reordered.
        if (text.IndexOfAnyExceptInRange((byte)0, (byte)0xCB) < 0 || IsStable(text))
            return text;
        var result = new ArrayBufferWriter<byte>(text.Length);
        var run = new List<int>();
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done)
            {
                CanonicalForms.Decompose(rune.Value, run);
                text = text[length..];
                continue;
            }

            Write(run, result);
            result.Write(text[..1]);
            text = text[1..];
        }

        Write(run, result);
        return result.WrittenSpan;
    }

    private static bool IsStable(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var valid = Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done;
            if (valid && !CanonicalForms.IsStable(rune.Value))
                return false;
            text = text[(valid ? length : 1)..];
        }

        return true;
    }

    // Orders the marks of every character by their class, composes, writes and clears.
    private static void Write(List<int> run, ArrayBufferWriter<byte> destination)
    {
        Order(CollectionsMarshal.AsSpan(run));
        foreach (var character in CollectionsMarshal.AsSpan(run)[..Compose(CollectionsMarshal.AsSpan(run))])
        {
            var span = destination.GetSpan(4);
            destination.Advance(new Rune(character).EncodeToUtf8(span));
        }

        run.Clear();
    }

    // Marks of one class keep their order, so the sort must be stable: an insertion sort, since marks are few.
    private static void Order(Span<int> run)
    {
        for (var index = 1; index < run.Length; index++)
        {
            var (character, kind) = (run[index], CanonicalForms.Class(run[index]));
            var place = index;
            for (; kind > 0 && place > 0 && CanonicalForms.Class(run[place - 1]) > kind; place--)
                run[place] = run[place - 1];
            run[place] = character;
        }
    }

    // In place; returns the new length.
    private static int Compose(Span<int> run)
    {
        var (length, starter, last) = (0, -1, 0);
        foreach (var character in run)
        {
            var kind = CanonicalForms.Class(character);
            // A mark reaches its starter unless one of its own class or higher, or another starter, stands between.
            var reaches = starter >= 0 && (starter == length - 1 || (last < kind && last > 0));
            if (reaches && CanonicalForms.Compose(run[starter], character) is { } whole)
            {
                run[starter] = whole;
                continue;
            }

            if (kind == 0)
                starter = length;
            last = kind;
            run[length++] = character;
        }

        return length;
    }
}
