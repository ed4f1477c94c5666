using System.Globalization;
using System.Text;
using LowRank.Training.Json;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>
/// Reads a regular expression in the language of Oniguruma, in which <c>tokenizer.json</c> files are written: <c>^</c> and <c>$</c> stand
/// at lines, <c>{,n}</c> repeats from none, <c>a{n}+</c> repeats a repetition. Groups match and remember nothing. What needs memory, such
/// as references to groups, is refused by its name.
/// </summary>
internal sealed class PatternParser
{
    private const int MostRepeats = 1_000;

    private readonly PatternReader reader;
    private readonly PatternEscapes escapes;
    private readonly BracketParser brackets;
    private bool ignoresCase;
    private bool dotIsAll;
    private bool extended;

    private PatternParser(string pattern)
    {
        reader = new PatternReader(pattern);
        escapes = new PatternEscapes(reader);
        brackets = new BracketParser(reader, escapes);
    }

    /// <exception cref="PatternException">The expression is wrong, or can't be followed.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Choice();
        return parser.reader.IsAtEnd ? node : throw parser.reader.Wrong("has a bracket too many");
    }

    private PatternNode Choice()
    {
        var choices = new List<PatternNode> { Sequence() };
        while (reader.Take('|'))
            choices.Add(Sequence());
        return choices.Count == 1 ? choices[0] : new ChoiceNode(choices);
    }

    private SequenceNode Sequence()
    {
        var parts = new List<PatternNode>();
        while (!reader.IsAtEnd && reader.Next is not '|' and not ')')
        {
            if (extended && SkipBlank())
                continue;
            if (Atom() is { } atom)
                parts.Add(Repeated(atom));
        }

        return new SequenceNode(parts);
    }

    private bool SkipBlank()
    {
        if (reader.Next == '#')
        {
            SkipTo('\n');
            return true;
        }

        if (reader.Next is not (' ' or '\t' or '\n' or '\r' or '\f' or '\v'))
            return false;
        reader.Take();
        return true;
    }

    private void SkipTo(char end)
    {
        while (!reader.IsAtEnd && reader.Next != end)
            reader.Take();
    }

    private PatternNode Repeated(PatternNode atom)
    {
        while (!reader.IsAtEnd)
        {
            if (!Quantifier(out var least, out var most, out var isInterval))
                return atom;
            var greed = Greed.Greedy;
            // A question mark behind an exact number makes that optional.
            if (!(isInterval && least == most) && reader.Take('?'))
                greed = Greed.Lazy;
            else if (!isInterval && reader.Take('+'))
                greed = Greed.Possessive;
            if (atom.Longest is not 0 && atom.Shortest == 0 && most is null)
                throw reader.Wrong("repeats without an end what may be empty");
            if (atom.Longest == 0)
                throw reader.Wrong("repeats what matches no character");
            atom = new RepeatNode(atom, least, most, greed);
        }

        return atom;
    }

    private bool Quantifier(out int least, out int? most, out bool isInterval)
    {
        (least, most, isInterval) = (0, null, false);
        if (reader.Next == '{')
        {
            var (from, to) = (0, (int?)null);
            isInterval = reader.Try(() => Interval(out from, out to));
            (least, most) = (from, to);
            return isInterval;
        }

        if (reader.Take('+'))
            least = 1;
        else if (reader.Take('?'))
            most = 1;
        else
            return reader.Take('*');
        return true;
    }

    // A brace that is no interval is a character.
    private bool Interval(out int least, out int? most)
    {
        (least, most) = (0, null);
        reader.Take();
        if (reader.TakeUpTo('}') is not { } inside)
            return false;
        var parts = inside.Split(',');
        if (
            parts.Length > 2
            || parts.Any(part => !part.All(char.IsAsciiDigit))
            || (parts[0].Length == 0 && (parts.Length == 1 || parts[1].Length == 0))
        )
            return false;
        least = parts[0].Length == 0 ? 0 : Count(parts[0]);
        most =
            parts.Length == 1 ? least
            : parts[1].Length == 0 ? null
            : Count(parts[1]);
        return most < least ? throw reader.Wrong("has a repetition with more at least than at most") : true;
    }

    private int Count(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostRepeats
            ? count
            : throw reader.Wrong(string.Create(CultureInfo.InvariantCulture, $"repeats more than {MostRepeats} times"));

    // Null for what stands for nothing, such as options.
    private PatternNode? Atom()
    {
        var character = reader.Take();
        return character switch
        {
            '(' => Group(),
            '[' => new SetNode(brackets.Read(Cased)),
            '.' => new SetNode(dotIsAll ? CharacterSet.All : CharacterSet.AllButLineFeed),
            '^' => new AnchorNode(Anchor.LineStart),
            '$' => new AnchorNode(Anchor.LineEnd),
            '\\' => Escape(),
            '*' or '+' or '?' => throw reader.Wrong("repeats nothing"),
            _ => new SetNode(Cased(CharacterSet.Of(character))),
        };
    }

    private CharacterSet Cased(CharacterSet set) => ignoresCase ? CharacterSet.IgnoringCase(set) : set;

    private PatternNode? Group()
    {
        reader.Enter("groups");
        var (cased, all, blank) = (ignoresCase, dotIsAll, extended);
        PatternNode? node;
        if (!reader.Take('?') || reader.Take(':'))
            node = Choice();
        else if (reader.Take('='))
            node = new LookNode(Choice(), Behind: false, Negated: false);
        else if (reader.Take('!'))
            node = new LookNode(Choice(), Behind: false, Negated: true);
        else if (reader.Take('>'))
            node = new AtomicNode(Choice());
        else if (reader.Take('#'))
        {
            SkipTo(')');
            node = null;
        }
        else if (reader.Take('<'))
            node =
                reader.Take('=') ? Behind(negated: false)
                : reader.Take('!') ? Behind(negated: true)
                : NamedGroup();
        else
        {
            if (Options())
            {
                // They hold for the rest of the group around.
                reader.Leave();
                return Choice();
            }

            node = Choice();
        }

        if (!reader.Take(')'))
            throw reader.Wrong("has a group that doesn't end");
        (ignoresCase, dotIsAll, extended) = (cased, all, blank);
        reader.Leave();
        return node;
    }

    private PatternNode NamedGroup() => reader.TakeUpTo('>') is null ? throw reader.Wrong("has a group that doesn't end") : Choice();

    private LookNode Behind(bool negated)
    {
        var body = Choice();
        PatternNode[] choices = body is ChoiceNode several ? [.. several.Choices] : [body];
        return Array.TrueForAll(choices, choice => choice.Longest == choice.Shortest)
            ? new LookNode(body, Behind: true, negated)
            : throw reader.Wrong("looks back over texts of several lengths");
    }

    // Whether the group ends with them.
    private bool Options()
    {
        var on = true;
        while (!reader.IsAtEnd)
        {
            var option = reader.Take();
            switch (option)
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    ignoresCase = on;
                    break;
                case 'm':
                    dotIsAll = on;
                    break;
                case 'x':
                    extended = on;
                    break;
                case ':':
                    return false;
                case ')':
                    return true;
                default:
                    throw reader.Wrong($"has a group (?{ShownText.Of(new Rune(option).ToString())}…), which is not supported");
            }
        }

        throw reader.Wrong("has a group that doesn't end");
    }

    private PatternNode Escape()
    {
        if (reader.IsAtEnd)
            throw reader.Wrong("ends in a backslash");
        if (AnchorOf(reader.Next) is { } anchor)
        {
            reader.Take();
            return new AnchorNode(anchor);
        }

        if (reader.Take('R'))
            return new AtomicNode(
                new ChoiceNode([
                    new SequenceNode([new SetNode(CharacterSet.Of('\r')), new SetNode(CharacterSet.Of('\n'))]),
                    new SetNode(CharacterSet.Of([('\n', '\r'), (0x85, 0x85), (0x2028, 0x2029)])),
                ])
            );
        // What is left out is left out as it stands.
        return new SetNode(reader.Next is >= 'A' and <= 'Z' ? escapes.Set() : Cased(escapes.Set()));
    }

    private static Anchor? AnchorOf(int letter) =>
        letter switch
        {
            'A' => Anchor.TextStart,
            'z' => Anchor.TextEnd,
            'Z' => Anchor.TextEndOrLastLineFeed,
            'b' => Anchor.WordBoundary,
            'B' => Anchor.NoWordBoundary,
            _ => null,
        };
}
