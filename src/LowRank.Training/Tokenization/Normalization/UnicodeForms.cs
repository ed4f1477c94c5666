using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using LowRank.Training.Files;

namespace LowRank.Training.Tokenization.Normalization;

/// <summary>
/// Unicode's normalization forms of UTF-8 text; Qwen's tokenizers are given form C. The platform's own depends on ICU, which a bare machine
/// lacks; without it nothing would be normalized, and ids would depend on the machine.
/// </summary>
internal static class UnicodeForms
{
    private const int FewMarks = 16;

    /// <summary>The normalized text; the same memory where it is normalized already. Bytes that are no UTF-8 stay as they are.</summary>
    public static ReadOnlySpan<byte> Normalize(
        ReadOnlySpan<byte> text,
        NormalizationForm form = NormalizationForm.FormC,
        CancellationToken cancellation = default
    )
    {
        if (IsNormalized(text, form, cancellation))
            return text;
        var composes = form is NormalizationForm.FormC or NormalizationForm.FormKC;
        var decompose = form is NormalizationForm.FormC or NormalizationForm.FormD
            ? (Action<int, List<int>>)CanonicalForms.Decompose
            : CompatibilityForms.Decompose;
        var result = new ArrayBufferWriter<byte>(text.Length);
        var run = new List<int>();
        var pace = new StopPace(cancellation);
        while (!text.IsEmpty)
        {
            pace.Step();
            if (Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done)
            {
                decompose(rune.Value, run);
                text = text[length..];
                continue;
            }

            Write(run, result, composes);
            result.Write(text[..1]);
            text = text[1..];
        }

        Write(run, result, composes);
        return result.WrittenSpan;
    }

    // Where that is known without work.
    private static bool IsNormalized(ReadOnlySpan<byte> text, NormalizationForm form, CancellationToken cancellation) =>
        form == NormalizationForm.FormC
            // Below U+0300, whose first byte is 0xCC, nothing is composed or reordered.
            ? text.IndexOfAnyExceptInRange((byte)0, (byte)0xCB) < 0 || IsStable(text, cancellation)
            : Ascii.IsValid(text);

    private static bool IsStable(ReadOnlySpan<byte> text, CancellationToken cancellation)
    {
        var pace = new StopPace(cancellation);
        while (!text.IsEmpty)
        {
            pace.Step();
            var valid = Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done;
            if (valid && !CanonicalForms.IsStable(rune.Value))
                return false;
            text = text[(valid ? length : 1)..];
        }

        return true;
    }

    // Orders the marks of every character by their class, composes, writes and clears.
    private static void Write(List<int> run, ArrayBufferWriter<byte> destination, bool composes)
    {
        Order(CollectionsMarshal.AsSpan(run));
        var characters = CollectionsMarshal.AsSpan(run);
        foreach (var character in composes ? characters[..Compose(characters)] : characters)
        {
            var span = destination.GetSpan(4);
            destination.Advance(new Rune(character).EncodeToUtf8(span));
        }

        run.Clear();
    }

    // Marks of one class keep their order, so the sort must be stable.
    private static void Order(Span<int> run)
    {
        for (var start = 0; start < run.Length; start++)
        {
            var end = start;
            while (end < run.Length && CanonicalForms.Class(run[end]) > 0)
                end++;
            if (end - start > 1)
                OrderMarks(run[start..end]);
            start = end;
        }
    }

    private static void OrderMarks(Span<int> marks)
    {
        // Mostly two or three, but a text may hold a million in a row: by class and place, for which there is always one order.
        if (marks.Length > FewMarks)
        {
            var places = new long[marks.Length];
            for (var index = 0; index < marks.Length; index++)
                places[index] = ((long)CanonicalForms.Class(marks[index]) << 32) | (uint)index;
            places.AsSpan().Sort(marks);
            return;
        }

        for (var index = 1; index < marks.Length; index++)
        {
            var (character, kind) = (marks[index], CanonicalForms.Class(marks[index]));
            var place = index;
            for (; place > 0 && CanonicalForms.Class(marks[place - 1]) > kind; place--)
                marks[place] = marks[place - 1];
            marks[place] = character;
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
