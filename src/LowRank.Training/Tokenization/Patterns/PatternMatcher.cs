using System.Buffers;
using System.Text;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>
/// Follows a <see cref="PatternProgram"/> over UTF-8, backtracking as Oniguruma does, with steps counted, so that no expression from a file
/// can hang a program. A byte that begins no valid character counts as a character of no property. Not safe for threads.
/// </summary>
internal sealed class PatternMatcher(PatternProgram program)
{
    /// <summary>
    /// Steps for each byte of a text, and for each byte and step of the program. The expressions of published tokenizers take some ten for
    /// a byte; one that looks at all of a text again from each of its places would take years for a large text.
    /// </summary>
    private const long StepsPerByte = 200;
    private const long StepsPerInstruction = 4;
    private const int MostInstructions = 1_000;

    /// <summary>What may be taken beyond that, by all texts together.</summary>
    private const long Reserve = 20_000_000;

    /// <summary>What a byte that begins no valid character counts as: a code point that is never assigned.</summary>
    private const int Broken = 0xFFFFE;

    private readonly PatternInstruction[] steps = program.Steps;

    /// <summary>
    /// What is tried where a step fails: the step, the place, and the first place where it may be given back; −1 for a plain choice.
    /// </summary>
    private (int Step, int Place, int Least)[] choices = new (int, int, int)[64];
    private int count;
    private long left = Reserve;

    /// <summary>Begins a text: its length says what steps it may take. What it doesn't take is no other text's.</summary>
    public void Begin(int length) =>
        left = Math.Min(left, Reserve) + (StepsPerByte + StepsPerInstruction * Math.Min(steps.Length, MostInstructions)) * length;

    /// <summary>
    /// The next match, as Oniguruma goes from one to the next: an empty one right behind the last is passed over.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where to look from.</param>
    /// <param name="lastEnd">Where the match before ended; −1 for none.</param>
    /// <param name="match">Where it stands.</param>
    /// <exception cref="PatternException">That takes too many steps.</exception>
    public bool TryFind(ReadOnlySpan<byte> text, int from, int lastEnd, out (int Start, int End) match)
    {
        for (var start = from; start <= text.Length; start += start < text.Length ? Length(text, start) : 1)
        {
            count = 0;
            var end = Run(text, 0, start);
            if (end < 0 || (end == start && end == lastEnd))
                continue;
            match = (start, end);
            return true;
        }

        match = default;
        return false;
    }

    private int Run(ReadOnlySpan<byte> text, int step, int place)
    {
        var bottom = count;
        while (true)
        {
            if (--left < 0)
                throw new PatternException("its regular expression takes too long to follow on a text");
            var one = steps[step];
            var holds = true;
            switch (one.Step)
            {
                case PatternStep.Match:
                    count = bottom;
                    return place;
                case PatternStep.One:
                    holds = place < text.Length && one.Set!.Contains(At(text, place, out var length)) && (place += length) > 0;
                    step++;
                    break;
                case PatternStep.Many:
                    holds = TakeMany(text, one, step, ref place);
                    step++;
                    break;
                case PatternStep.Either:
                    Push(one.Second, place, -1);
                    step = one.First;
                    break;
                case PatternStep.Jump:
                    step = one.First;
                    break;
                case PatternStep.At:
                    holds = IsAt(text, place, one.Anchor);
                    step++;
                    break;
                case PatternStep.Look:
                    holds = Looks(text, one, step, place);
                    step = one.First;
                    break;
                case PatternStep.Keep:
                    place = Run(text, step + 1, place);
                    holds = place >= 0;
                    step = one.First;
                    break;
            }

            if (!holds && !GiveBack(text, bottom, ref step, ref place))
                return -1;
        }
    }

    private bool TakeMany(ReadOnlySpan<byte> text, in PatternInstruction many, int step, ref int place)
    {
        var (taken, least) = (0, place);
        var most = many.Greed == Greed.Lazy ? many.Least : many.Most;
        while (taken < most && place < text.Length && many.Set!.Contains(At(text, place, out var length)))
        {
            place += length;
            if (++taken == many.Least)
                least = place;
        }

        left -= taken;
        if (taken < many.Least)
            return false;
        if (many.Greed == Greed.Greedy && place > least)
            Push(step + 1, place, least);
        else if (many.Greed == Greed.Lazy && many.Most > many.Least)
            Push(step, place, -2 - (many.Most == int.MaxValue ? int.MaxValue - 2 : many.Most - many.Least));
        return true;
    }

    // The last choice that can still be made otherwise.
    private bool GiveBack(ReadOnlySpan<byte> text, int bottom, ref int step, ref int place)
    {
        while (count > bottom)
        {
            left--;
            ref var choice = ref choices[count - 1];
            if (choice.Least >= 0)
            {
                // A greedy repetition: one character less.
                choice.Place -= LengthBefore(text, choice.Place);
                (step, place) = (choice.Step, choice.Place);
                if (choice.Place <= choice.Least)
                    count--;
                return true;
            }

            (step, place) = (choice.Step, choice.Place);
            if (choice.Least == -1)
            {
                count--;
                return true;
            }

            // A lazy one: one character more.
            if (choice.Least == -2 || place >= text.Length || !steps[step].Set!.Contains(At(text, place, out var length)))
            {
                count--;
                continue;
            }

            choice.Least += 1;
            choice.Place += length;
            place = choice.Place;
            step++;
            return true;
        }

        return false;
    }

    private bool Looks(ReadOnlySpan<byte> text, in PatternInstruction look, int step, int place)
    {
        var start = place;
        if (look.Behind)
        {
            for (var character = 0; character < look.Least; character++)
            {
                if (start == 0)
                    return look.Negated;
                start -= LengthBefore(text, start);
            }
        }

        var before = count;
        var end = Run(text, step + 1, start);
        count = before;
        return end >= 0 != look.Negated;
    }

    private static bool IsAt(ReadOnlySpan<byte> text, int place, Anchor anchor) =>
        anchor switch
        {
            Anchor.TextStart => place == 0,
            Anchor.TextEnd => place == text.Length,
            Anchor.TextEndOrLastLineFeed => place == text.Length || (place == text.Length - 1 && text[place] == '\n'),
            Anchor.LineStart => place == 0 || (text[place - 1] == '\n' && place < text.Length),
            Anchor.LineEnd => place == text.Length || text[place] == '\n',
            Anchor.WordBoundary => IsBoundary(text, place),
            _ => !IsBoundary(text, place),
        };

    private static bool IsBoundary(ReadOnlySpan<byte> text, int place)
    {
        var before = place > 0 && CharacterSet.Word.Contains(At(text, place - LengthBefore(text, place), out _));
        return before != (place < text.Length && CharacterSet.Word.Contains(At(text, place, out _)));
    }

    private void Push(int step, int place, int least)
    {
        if (count == choices.Length)
            Array.Resize(ref choices, 2 * count);
        choices[count++] = (step, place, least);
    }

    private static int At(ReadOnlySpan<byte> text, int place, out int length)
    {
        var first = text[place];
        if (first < 128)
        {
            length = 1;
            return first;
        }

        if (Rune.DecodeFromUtf8(text[place..], out var rune, out length) == OperationStatus.Done)
            return rune.Value;
        length = 1;
        return Broken;
    }

    private static int Length(ReadOnlySpan<byte> text, int place)
    {
        _ = At(text, place, out var length);
        return length;
    }

    // The length of the character that ends at a place, as it was read forward.
    private static int LengthBefore(ReadOnlySpan<byte> text, int place)
    {
        for (var length = 1; length <= 4 && length <= place; length++)
        {
            if ((text[place - length] & 0xC0) != 0x80)
                return length == 1 || Length(text, place - length) == length ? length : 1;
        }

        return 1;
    }
}
