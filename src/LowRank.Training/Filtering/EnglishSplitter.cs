using System.Collections.Frozen;

namespace LowRank.Training.Filtering;

/// <summary>
/// Words of English as spaCy's blank English pipeline divides them, by which the published numbers were counted. What stands between
/// white space loses punctuation at both ends until it is an exception or nothing more comes off; what is left and is no web address is
/// divided at hyphens between letters, colons, ellipses and the like. "Don't" is "Do" and "n't".
/// </summary>
/// <remarks>
/// Letters and symbols are Unicode's, where spaCy has lists: words may differ in scripts that no English text is written in, and at
/// symbols newer than the lists.
/// </remarks>
internal sealed class EnglishSplitter : IWordSplitter
{
    private const EnglishTraits NotPlain =
        EnglishTraits.Prefix | EnglishTraits.Suffix | EnglishTraits.Infix | EnglishTraits.Digit | EnglishTraits.Surrogate;

    private const int LongestUnit = 4;

    private static readonly FrozenDictionary<string, byte[]> Exceptions = EnglishExceptions.Make();
    private static readonly ShortTextFilter MayBeException = new(Exceptions.Keys);

    // What comes off after a digit alone.
    private static readonly FrozenSet<string> Units = (
        "km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft kg g mg µg t lb oz m/s km/h kmh mph hPa Pa mbar mb MB kb KB "
        + "gb GB tb TB T G M K % км км² км³ м м² м³ дм дм² дм³ см см² см³ мм мм² мм³ нм кг г мг м/с км/ч кПа Па мбар Кб КБ кб Мб МБ мб Гб "
        + "ГБ гб Тб ТБ + $ £ € ¥ ฿ US$ C$ A$ ﷼ ₠ ₡ ₢ ₣ ₤ ₥ ₦ ₧ ₨ ₩ ₪ ₫ ₭ ₮ ₯ ₰ ₱ ₲ ₳ ₴ ₵ ₶ ₷ ₸ ₹ ₺ ₻ ₼ ₽ ₾ ₿"
    )
        .Split(' ')
        .ToFrozenSet();

    // Exceptions that are recognized even where their parts came off one by one, as the emoticon of "well:)"; by those parts.
    private static readonly FrozenDictionary<string, byte[]> Reassembled = MakeReassembled();
    private static readonly ShortTextFilter MayBeReassembled = new(Reassembled.Keys);
    private static readonly int MostParts = Reassembled.Values.Max(parts => parts.Length);

    private readonly WordList suffixes = new();
    private readonly WordList parts = new();
    private bool[] taken = new bool[64];
    private byte[]?[] replacements = new byte[64][];

    /// <inheritdoc/>
    public string Name => "english";

    /// <inheritdoc/>
    public void Split(ReadOnlySpan<char> text, WordList words)
    {
        var traits = EnglishCharacters.Traits;
        var position = 0;
        while (true)
        {
            while (position < text.Length && (traits[text[position]] & EnglishTraits.Space) != 0)
                position++;
            if (position == text.Length)
                return;

            var start = position;
            var all = EnglishTraits.None;
            EnglishTraits next;
            while (position < text.Length && ((next = traits[text[position]]) & EnglishTraits.Space) == 0)
            {
                all |= next;
                position++;
            }

            var chunk = text[start..position];
            if ((all & NotPlain) == 0 && !MayBeException.Has(chunk))
                words.Add(start, chunk.Length);
            else if (Exception(chunk) is { } lengths)
                AddParts(words, start, lengths);
            else
                SplitChunk(chunk, start, words);
        }
    }

    private static byte[]? Exception(ReadOnlySpan<char> text) => Find(Exceptions, MayBeException, text);

    private static byte[]? Find(FrozenDictionary<string, byte[]> entries, ShortTextFilter filter, ReadOnlySpan<char> text) =>
        filter.Has(text) && entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var lengths) ? lengths : null;

    private static void AddParts(WordList words, int start, byte[] lengths)
    {
        foreach (var length in lengths)
        {
            words.Add(start, length);
            start += length;
        }
    }

    private void SplitChunk(ReadOnlySpan<char> chunk, int start, WordList words)
    {
        var first = words.Count;
        Divide(chunk, start, words, withExceptions: true);
        if (words.Count - first > 1)
            Reassemble(chunk, start, words, first);
    }

    private void Divide(ReadOnlySpan<char> chunk, int start, WordList words, bool withExceptions)
    {
        suffixes.Clear();
        var text = chunk;
        byte[]? exception = null;
        while (!text.IsEmpty)
        {
            if (withExceptions && (exception = Exception(text)) is not null)
                break;

            var prefix = PrefixLength(text);
            if (prefix > 0 && withExceptions && (exception = Exception(text[prefix..])) is not null)
            {
                TakePrefix(words, ref text, ref start, prefix);
                break;
            }

            var suffix = SuffixLength(text[prefix..]);
            if (suffix > 0 && withExceptions && (exception = Exception(text[..^suffix])) is not null)
            {
                TakeSuffix(ref text, start, suffix);
                break;
            }

            if (prefix == 0 && suffix == 0)
                break;
            if (suffix > 0)
                TakeSuffix(ref text, start, suffix);
            if (prefix > 0)
                TakePrefix(words, ref text, ref start, prefix);
        }

        if (exception is not null)
            AddParts(words, start, exception);
        else if (!text.IsEmpty)
            DivideInside(text, start, words);

        for (var i = suffixes.Count - 1; i >= 0; i--)
            words.Add(suffixes.Starts[i], suffixes.Lengths[i]);
    }

    private static void TakePrefix(WordList words, ref ReadOnlySpan<char> text, ref int start, int length)
    {
        words.Add(start, length);
        text = text[length..];
        start += length;
    }

    private void TakeSuffix(ref ReadOnlySpan<char> text, int start, int length)
    {
        text = text[..^length];
        suffixes.Add(start + text.Length, length);
    }

    private static int PrefixLength(ReadOnlySpan<char> text)
    {
        var first = text[0];
        if ((EnglishCharacters.Traits[first] & EnglishTraits.Prefix) != 0)
            return 1;

        switch (first)
        {
            case '+':
                return text.Length > 1 && char.IsAsciiDigit(text[1]) ? 0 : 1;
            case '.':
                var dots = Dots(text);
                return dots > 1 ? dots : 0;
            case 'U':
                return text.StartsWith("US$", StringComparison.Ordinal) ? 3 : 0;
            case 'A' or 'C':
                return text.Length > 1 && text[1] == '$' ? 2 : 0;
            default:
                return char.IsHighSurrogate(first) && (EnglishCharacters.At(text, 0) & EnglishTraits.Prefix) != 0 ? 2 : 0;
        }
    }

    private static int SuffixLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return 0;

        var last = text[^1];
        if (last == '.')
        {
            var dots = text.Length - text.TrimEnd('.').Length;
            return dots > 1 ? dots
                : IsPeriodApart(text[..^1]) ? 1
                : 0;
        }

        if (last == '…')
            return text.Length > 1 && text[^2] == '…' ? 2 : 1;
        if ((EnglishCharacters.Traits[last] & EnglishTraits.Suffix) != 0)
            return 1;
        if (char.IsLowSurrogate(last))
            return (EnglishCharacters.Before(text, text.Length) & EnglishTraits.Suffix) != 0 ? 2 : 0;
        if (last is 's' or 'S' && text.Length > 1 && text[^2] is '\'' or '’')
            return 2;

        var longest = Math.Min(text.Length - 1, LongestUnit);
        for (var length = 1; length <= longest; length++)
        {
            if (!char.IsAsciiDigit(text[^(length + 1)]))
                continue;
            return Units.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text[^length..]) ? length : 0;
        }

        return 0;
    }

    private static bool IsPeriodApart(ReadOnlySpan<char> before)
    {
        var traits = EnglishCharacters.Before(before, before.Length);
        if ((traits & EnglishTraits.BeforePeriod) != 0)
            return true;
        if ((traits & EnglishTraits.Upper) == 0)
            return false;

        return (EnglishCharacters.Before(before, before.Length - 1) & EnglishTraits.Upper) != 0
            || (before.Length > 1 && before[^2] == '°' && before[^1] is 'F' or 'C' or 'K');
    }

    private static int Dots(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept('.');
        return end < 0 ? text.Length : end;
    }

    private static void DivideInside(ReadOnlySpan<char> text, int start, WordList words)
    {
        var traits = EnglishCharacters.Traits;
        var from = 0;
        var isAddress = default(bool?);
        for (var i = 0; i < text.Length; )
        {
            var length = (traits[text[i]] & (EnglishTraits.Infix | EnglishTraits.Surrogate)) == 0 ? 0 : InfixLength(text, i);
            // What stands first belongs to what follows.
            if (length == 0 || i == 0)
            {
                i += Math.Max(1, length);
                continue;
            }

            if (isAddress ??= WebAddress.Matches(text))
                break;
            if (i > from)
                words.Add(start + from, i - from);
            words.Add(start + i, length);
            i += length;
            from = i;
        }

        if (from < text.Length)
            words.Add(start + from, text.Length - from);
    }

    private static int InfixLength(ReadOnlySpan<char> text, int at)
    {
        var before = EnglishCharacters.Before(text, at);
        var after = EnglishCharacters.At(text, at + 1);
        switch (text[at])
        {
            case '.':
                var dots = Dots(text[at..]);
                if (dots > 1)
                    return dots;
                return
                    (before & (EnglishTraits.Lower | EnglishTraits.Quote)) != 0
                    && (after & (EnglishTraits.Upper | EnglishTraits.Quote)) != 0
                    ? 1
                    : 0;
            case '…':
                return 1;
            case ',':
                return (before & after & EnglishTraits.Letter) != 0 ? 1 : 0;
            case '+' or '*' or '^':
                return IsBetweenNumbers(text, at) ? 1 : 0;
            case '-':
                return IsBetweenNumbers(text, at) ? 1 : HyphenLength(text, at, before, '-', longest: 3);
            case '—':
                return HyphenLength(text, at, before, '—', longest: 2);
            case '–' or '~':
                return HyphenLength(text, at, before, text[at], longest: 1);
            case ':' or '<' or '>' or '=' or '/':
                return (before & (EnglishTraits.Letter | EnglishTraits.Digit)) != 0 && (after & EnglishTraits.Letter) != 0 ? 1 : 0;
            default:
                if ((EnglishCharacters.At(text, at) & EnglishTraits.Infix) == 0)
                    return 0;
                return char.IsHighSurrogate(text[at]) ? 2 : 1;
        }
    }

    private static bool IsBetweenNumbers(ReadOnlySpan<char> text, int at) =>
        at > 0 && char.IsAsciiDigit(text[at - 1]) && at + 1 < text.Length && (char.IsAsciiDigit(text[at + 1]) || text[at + 1] == '-');

    private static int HyphenLength(ReadOnlySpan<char> text, int at, EnglishTraits before, char hyphen, int longest)
    {
        if ((before & (EnglishTraits.Letter | EnglishTraits.Digit)) == 0)
            return 0;

        var length = 1;
        while (length < longest && at + length < text.Length && text[at + length] == hyphen)
            length++;
        return (EnglishCharacters.At(text, at + length) & EnglishTraits.Letter) != 0 ? length : 0;
    }

    // The most parts win, then the first.
    private void Reassemble(ReadOnlySpan<char> chunk, int start, WordList words, int first)
    {
        var count = words.Count - first;
        var found = false;
        for (var length = Math.Min(count, MostParts); length > 1; length--)
        {
            for (var i = 0; i + length <= count; i++)
            {
                if (ReassembledFrom(chunk, start, words, first + i, length) is not { } lengths)
                    continue;

                if (!found)
                    Forget(count);
                found = true;
                if (!taken[i] && !taken[i + length - 1])
                    replacements[i] = lengths;
                taken.AsSpan(i, length).Fill(true);
            }
        }

        if (found)
            Replace(words, first, count);
    }

    private static byte[]? ReassembledFrom(ReadOnlySpan<char> chunk, int start, WordList words, int first, int count)
    {
        var from = words.Starts[first] - start;
        var last = first + count - 1;
        var text = chunk[from..(words.Starts[last] + words.Lengths[last] - start)];
        if (Find(Reassembled, MayBeReassembled, text) is not { } lengths || lengths.Length != count)
            return null;
        for (var i = 0; i < count; i++)
        {
            if (words.Lengths[first + i] != lengths[i])
                return null;
        }

        return Exception(text);
    }

    private void Forget(int count)
    {
        if (taken.Length < count)
        {
            taken = new bool[count * 2];
            replacements = new byte[count * 2][];
        }

        taken.AsSpan(0, count).Clear();
        replacements.AsSpan(0, count).Clear();
    }

    private void Replace(WordList words, int first, int count)
    {
        parts.Clear();
        for (var i = 0; i < count; i++)
            parts.Add(words.Starts[first + i], words.Lengths[first + i]);

        words.Truncate(first);
        for (var i = 0; i < count; )
        {
            if (replacements[i] is not { } lengths)
            {
                words.Add(parts.Starts[i], parts.Lengths[i]);
                i++;
                continue;
            }

            AddParts(words, parts.Starts[i], lengths);
            var end = words.Starts[^1] + words.Lengths[^1];
            while (i < count && parts.Starts[i] < end)
                i++;
        }
    }

    private static FrozenDictionary<string, byte[]> MakeReassembled()
    {
        var splitter = new EnglishSplitter();
        var words = new WordList();
        var reassembled = new Dictionary<string, byte[]>();
        foreach (var text in Exceptions.Keys)
        {
            words.Clear();
            splitter.Divide(text, 0, words, withExceptions: false);
            if (words.Count > 1)
                reassembled[text] = [.. words.Lengths.ToArray().Select(length => (byte)length)];
        }

        return reassembled.ToFrozenDictionary();
    }
}
