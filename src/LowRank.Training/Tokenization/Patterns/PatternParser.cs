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
    private const int DeepestGroup = 50;
    private const int MostRepeats = 1_000;

    private readonly string pattern;
    private readonly int[] text;
    private int at;
    private int depth;
    private bool ignoresCase;
    private bool dotIsAll;
    private bool extended;

    private PatternParser(string pattern)
    {
        this.pattern = pattern;
        text = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    }

    /// <exception cref="PatternException">The expression is wrong, or can't be followed.</exception>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Choice();
        return parser.at == parser.text.Length ? node : throw parser.Wrong("has a bracket too many");
    }

    private PatternNode Choice()
    {
        var choices = new List<PatternNode> { Sequence() };
        while (Take('|'))
            choices.Add(Sequence());
        return choices.Count == 1 ? choices[0] : new ChoiceNode(choices);
    }

    private SequenceNode Sequence()
    {
        var parts = new List<PatternNode>();
        while (at < text.Length && text[at] is not '|' and not ')')
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
        if (text[at] == '#')
        {
            while (at < text.Length && text[at] != '\n')
                at++;
            return true;
        }

        if (text[at] is not (' ' or '\t' or '\n' or '\r' or '\f' or '\v'))
            return false;
        at++;
        return true;
    }

    private PatternNode Repeated(PatternNode atom)
    {
        while (at < text.Length)
        {
            if (!Quantifier(out var least, out var most, out var isInterval))
                return atom;
            var greed = Greed.Greedy;
            // A question mark behind an exact number makes that optional.
            if (!(isInterval && least == most) && Take('?'))
                greed = Greed.Lazy;
            else if (!isInterval && Take('+'))
                greed = Greed.Possessive;
            if (atom.Longest is not 0 && atom.Shortest == 0 && most is null)
                throw Wrong("repeats without an end what may be empty");
            if (atom.Longest == 0)
                throw Wrong("repeats what matches no character");
            atom = new RepeatNode(atom, least, most, greed);
        }

        return atom;
    }

    private bool Quantifier(out int least, out int? most, out bool isInterval)
    {
        (least, most, isInterval) = (0, null, false);
        switch (text[at])
        {
            case '*':
                break;
            case '+':
                least = 1;
                break;
            case '?':
                most = 1;
                break;
            case '{':
                return isInterval = Interval(out least, out most);
            default:
                return false;
        }

        at++;
        return true;
    }

    // A brace that is no interval is a character.
    private bool Interval(out int least, out int? most)
    {
        (least, most) = (0, null);
        var end = Array.IndexOf(text, '}', at);
        if (end < 0)
            return false;
        var inside = Characters(at + 1, end);
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
        if (most < least)
            throw Wrong("has a repetition with more at least than at most");
        at = end + 1;
        return true;
    }

    private int Count(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostRepeats
            ? count
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"repeats more than {MostRepeats} times"));

    // Null for what stands for nothing, such as options.
    private PatternNode? Atom()
    {
        var character = text[at];
        switch (character)
        {
            case '(':
                at++;
                return Group();
            case '[':
                at++;
                return new SetNode(Class());
            case '.':
                at++;
                return new SetNode(dotIsAll ? CharacterSet.All : CharacterSet.AllButLineFeed);
            case '^':
                at++;
                return new AnchorNode(Anchor.LineStart);
            case '$':
                at++;
                return new AnchorNode(Anchor.LineEnd);
            case '\\':
                at++;
                return Escape();
            case '*' or '+' or '?':
                throw Wrong("repeats nothing");
            default:
                at++;
                return new SetNode(Cased(CharacterSet.Of(character)));
        }
    }

    private CharacterSet Cased(CharacterSet set) => ignoresCase ? CharacterSet.IgnoringCase(set) : set;

    private PatternNode? Group()
    {
        if (++depth > DeepestGroup)
            throw Wrong("nests its groups too deep");
        var (cased, all, blank) = (ignoresCase, dotIsAll, extended);
        PatternNode? node;
        if (!Take('?'))
            node = Choice();
        else if (Take(':'))
            node = Choice();
        else if (Take('='))
            node = new LookNode(Choice(), Behind: false, Negated: false);
        else if (Take('!'))
            node = new LookNode(Choice(), Behind: false, Negated: true);
        else if (Take('>'))
            node = new AtomicNode(Choice());
        else if (Take('#'))
        {
            while (at < text.Length && text[at] != ')')
                at++;
            node = null;
        }
        else if (Take('<'))
        {
            if (Take('='))
                node = Behind(negated: false);
            else if (Take('!'))
                node = Behind(negated: true);
            else
            {
                while (at < text.Length && text[at] != '>')
                    at++;
                at++;
                node = Choice();
            }
        }
        else
        {
            if (Options())
            {
                // They hold for the rest of the group around.
                depth--;
                return Choice();
            }

            node = Choice();
        }

        if (!Take(')'))
            throw Wrong("has a group that doesn't end");
        (ignoresCase, dotIsAll, extended) = (cased, all, blank);
        depth--;
        return node;
    }

    private LookNode Behind(bool negated)
    {
        var body = Choice();
        PatternNode[] choices = body is ChoiceNode several ? [.. several.Choices] : [body];
        return Array.TrueForAll(choices, choice => choice.Longest == choice.Shortest)
            ? new LookNode(body, Behind: true, negated)
            : throw Wrong("looks back over texts of several lengths");
    }

    // Whether the group ends with them.
    private bool Options()
    {
        var on = true;
        while (at < text.Length)
        {
            var option = text[at++];
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
                    throw Wrong($"has a group (?{ShownText.Of(new Rune(option).ToString())}…), which is not supported");
            }
        }

        throw Wrong("has a group that doesn't end");
    }

    private PatternNode Escape()
    {
        if (at == text.Length)
            throw Wrong("ends in a backslash");
        switch (text[at])
        {
            case 'A':
                at++;
                return new AnchorNode(Anchor.TextStart);
            case 'z':
                at++;
                return new AnchorNode(Anchor.TextEnd);
            case 'Z':
                at++;
                return new AnchorNode(Anchor.TextEndOrLastLineFeed);
            case 'b':
                at++;
                return new AnchorNode(Anchor.WordBoundary);
            case 'B':
                at++;
                return new AnchorNode(Anchor.NoWordBoundary);
            case 'R':
                at++;
                return new AtomicNode(
                    new ChoiceNode([
                        new SequenceNode([new SetNode(CharacterSet.Of('\r')), new SetNode(CharacterSet.Of('\n'))]),
                        new SetNode(CharacterSet.Of([('\n', '\r'), (0x85, 0x85), (0x2028, 0x2029)])),
                    ])
                );
            default:
                // What is left out is left out as it stands.
                return new SetNode(text[at] is >= 'A' and <= 'Z' ? EscapedSet() : Cased(EscapedSet()));
        }
    }

    private CharacterSet EscapedSet()
    {
        var letter = text[at++];
        switch (letter)
        {
            case 's' or 'S':
                return CharacterSet.Space.Negate(letter == 'S');
            case 'd' or 'D':
                return CharacterSet.Digit.Negate(letter == 'D');
            case 'w' or 'W':
                return CharacterSet.Word.Negate(letter == 'W');
            case 'h' or 'H':
                return CharacterSet.Hexadecimal.Negate(letter == 'H');
            case 'N':
                return CharacterSet.AllButLineFeed;
            case 'O':
                return CharacterSet.All;
            case 'p' or 'P':
                return Property(letter == 'P');
            default:
                at--;
                return CharacterSet.Of(EscapedCharacter());
        }
    }

    private CharacterSet Property(bool negated)
    {
        if (!Take('{'))
            throw Wrong(@"has a \p without a name in braces");
        if (Take('^'))
            negated = !negated;
        var end = Array.IndexOf(text, '}', at);
        if (end < 0)
            throw Wrong(@"has a \p{ without an end");
        var name = Characters(at, end);
        at = end + 1;
        return (CharacterProperties.Find(name) ?? throw Wrong($@"has \p{{{ShownText.Of(name)}}}, which is not supported")).Negate(negated);
    }

    private int EscapedCharacter()
    {
        if (at == text.Length)
            throw Wrong("ends in a backslash");
        var letter = text[at++];
        switch (letter)
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'a':
                return '\a';
            case 'e':
                return 0x1B;
            case 'x' when Take('{'):
                var end = Array.IndexOf(text, '}', at);
                if (end < 0)
                    throw Wrong(@"has a \x{ without an end");
                var digits = Characters(at, end);
                at = end + 1;
                return Hexadecimal(digits);
            case 'x':
                return Hexadecimal(TakeDigits(2));
            case 'u':
                return Hexadecimal(TakeDigits(4));
            case '0':
                return 0;
            case < 128 when char.IsAsciiLetterOrDigit((char)letter):
                throw Wrong($@"has \{(char)letter}, which is not supported");
            default:
                return letter;
        }
    }

    private string TakeDigits(int most)
    {
        var start = at;
        while (at < text.Length && at - start < most && text[at] < 128 && char.IsAsciiHexDigit((char)text[at]))
            at++;
        return Characters(start, at);
    }

    private int Hexadecimal(string digits) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character)
        && character is >= 0 and <= 0x10FFFF
            ? character
            : throw Wrong($"names no character by '{ShownText.Of(digits)}'");

    private CharacterSet Class()
    {
        if (++depth > DeepestGroup)
            throw Wrong("nests its brackets too deep");
        var negated = Take('^');
        var sets = new List<CharacterSet>();
        CharacterSet? before = null;
        var first = true;
        while (true)
        {
            if (at == text.Length)
                throw Wrong("has a [ without an end");
            if (text[at] == ']' && !first)
            {
                at++;
                break;
            }

            first = false;
            if (At("&&"))
            {
                at += 2;
                before = Both(before, sets);
                sets = [];
            }
            else
                sets.Add(ClassMember());
        }

        depth--;
        // What is left out is left out in every case.
        return Cased(Both(before, sets)).Negate(negated);
    }

    private CharacterSet Both(CharacterSet? before, List<CharacterSet> sets)
    {
        if (sets.Count == 0)
            throw Wrong("has an empty part of a [...]");
        var set = CharacterSet.Union(sets);
        return before is null ? set : CharacterSet.Intersection(before, set);
    }

    private CharacterSet ClassMember()
    {
        if (At("[:"))
        {
            var end = FindEnd(":]");
            if (end > 0)
            {
                var name = Characters(at + 2, end);
                at = end + 2;
                var negated = name.StartsWith('^');
                return (
                    CharacterProperties.Bracket(negated ? name[1..] : name)
                    ?? throw Wrong($"has [:{ShownText.Of(name)}:], which is not supported")
                ).Negate(negated);
            }
        }

        if (Take('['))
            return Class();
        if (IsSetEscape(at))
        {
            at++;
            return EscapedSet();
        }

        return Single();
    }

    private CharacterSet Single()
    {
        var first = ClassCharacter();
        if (at + 1 >= text.Length || text[at] != '-' || text[at + 1] == ']')
            return CharacterSet.Of(first);
        // A set behind a dash makes it a character.
        if (text[at + 1] == '[' || IsSetEscape(at + 1))
        {
            at++;
            return CharacterSet.Union([CharacterSet.Of(first), CharacterSet.Of('-')]);
        }

        at++;
        var last = ClassCharacter();
        return last >= first ? CharacterSet.Range(first, last) : throw Wrong("has a range in [...] whose end comes before its beginning");
    }

    private bool IsSetEscape(int place) =>
        place + 1 < text.Length
        && text[place] == '\\'
        && text[place + 1] is 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 'h' or 'H' or 'p' or 'P' or 'N' or 'O';

    private int ClassCharacter()
    {
        if (text[at] != '\\')
            return text[at++];
        at++;
        if (at < text.Length && text[at] == 'b')
        {
            at++;
            return '\b';
        }

        return EscapedCharacter();
    }

    private bool Take(char character)
    {
        if (at >= text.Length || text[at] != character)
            return false;
        at++;
        return true;
    }

    private bool At(string characters) =>
        at + characters.Length <= text.Length && characters.Select((character, index) => text[at + index] == character).All(same => same);

    private int FindEnd(string characters)
    {
        for (var end = at + 2; end + characters.Length <= text.Length; end++)
        {
            if (text[end] == characters[0] && text[end + 1] == characters[1])
                return end;
            if (text[end] is not '^' and not (>= 'a' and <= 'z'))
                return -1;
        }

        return -1;
    }

    private string Characters(int start, int end)
    {
        var characters = new StringBuilder(end - start);
        foreach (var character in text.AsSpan(start..end))
            characters.Append(new Rune(character));
        return characters.ToString();
    }

    private PatternException Wrong(string what) => new($"its regular expression {ShownText.Of(pattern)} {what}");
}
