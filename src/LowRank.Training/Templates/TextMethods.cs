using System.Text;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>The methods of Python's strings.</summary>
internal static class TextMethods
{
    /// <summary>A method of a text; null where there is none of the name.</summary>
    public static TemplateFunction? Find(string text, string name, Budget budget)
    {
        Func<Arguments, object?>? body = name switch
        {
            "strip" => given => Strip(text, Chars(given, name)),
            "lstrip" => given => Strip(text, Chars(given, name), atEnd: false),
            "rstrip" => given => Strip(text, Chars(given, name), atStart: false),
            "split" => given => Split(text, given, budget, fromEnd: false),
            "rsplit" => given => Split(text, given, budget, fromEnd: true),
            "splitlines" => given => None(given, name, Lines(text, budget)),
            "startswith" => given => Any(given, name, part => text.StartsWith(part, StringComparison.Ordinal)),
            "endswith" => given => Any(given, name, part => text.EndsWith(part, StringComparison.Ordinal)),
            "replace" => given => Replace(text, given, budget),
            "upper" => given => None(given, name, text.ToUpperInvariant()),
            "lower" => given => None(given, name, text.ToLowerInvariant()),
            "title" => given => None(given, name, Title(text)),
            "capitalize" => given => None(given, name, Capitalize(text)),
            "swapcase" => given =>
                None(
                    given,
                    name,
                    string.Concat(
                        text.Select(letter => char.IsUpper(letter) ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter))
                    )
                ),
            "find" => given => Index(text, text.IndexOf(Part(given, name), StringComparison.Ordinal)),
            "rfind" => given => Index(text, text.LastIndexOf(Part(given, name), StringComparison.Ordinal)),
            "index" => given =>
                text.IndexOf(Part(given, name), StringComparison.Ordinal) is >= 0 and var at
                    ? Index(text, at)
                    : throw new TemplateFault("a text doesn't hold the one whose index is asked for"),
            "count" => given => Count(text, Part(given, name)),
            "join" => given => Join(text, given, budget),
            "removeprefix" => given =>
                Part(given, name) is var part && text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text,
            "removesuffix" => given =>
                Part(given, name) is { Length: > 0 } part && text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text,
            "partition" => given => Partition(text, Part(given, name), atLast: false),
            "rpartition" => given => Partition(text, Part(given, name), atLast: true),
            "isdigit" or "isnumeric" or "isdecimal" => given => None(given, name, text.Length > 0 && text.All(char.IsDigit)),
            "isalpha" => given => None(given, name, text.Length > 0 && text.All(char.IsLetter)),
            "isalnum" => given => None(given, name, text.Length > 0 && text.All(char.IsLetterOrDigit)),
            "isspace" => given => None(given, name, PythonText.IsSpace(text.AsSpan())),
            "isupper" => given => None(given, name, IsCased(text, upper: true)),
            "islower" => given => None(given, name, IsCased(text, upper: false)),
            "zfill" => given => Fill(text, given, name, budget),
            "ljust" or "rjust" or "center" => given => Pad(text, given, name, budget),
            "format" => given => BraceFormat.Write(text, given, budget),
            _ => null,
        };
        return body is null ? null : new TemplateFunction(name, body);
    }

    /// <summary>Without the blanks, or other characters, at its ends.</summary>
    public static string Strip(string text, string? chars, bool atStart = true, bool atEnd = true)
    {
        if (chars is null)
            return (atStart, atEnd) switch
            {
                (true, true) => PythonText.TrimStart(PythonText.TrimEnd(text)),
                (true, false) => PythonText.TrimStart(text),
                _ => PythonText.TrimEnd(text),
            };
        if (chars.Length == 0)
            return text;
        if (CodePoints.CountOf(chars) == chars.Length)
        {
            var start = atStart ? text.TrimStart(chars.ToCharArray()) : text;
            return atEnd ? start.TrimEnd(chars.ToCharArray()) : start;
        }

        var (taken, points) = (new CodePoints(chars), new CodePoints(text));
        HashSet<string> set = [.. Enumerable.Range(0, taken.Count).Select(index => taken[index])];
        var (first, end) = (0, points.Count);
        while (atStart && first < end && set.Contains(points[first]))
            first++;
        while (atEnd && end > first && set.Contains(points[end - 1]))
            end--;
        return points.Concat(Enumerable.Range(first, end - first));
    }

    /// <summary>The first letter large, all others small.</summary>
    public static string Capitalize(string text) => text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    /// <summary>A part replaced by another.</summary>
    public static string Replace(string text, string old, string by, long count, Budget budget)
    {
        var made = new StringBuilder();
        if (old.Length == 0)
            return Spread(text, by, count, budget);
        var at = 0;
        for (; count != 0; count--)
        {
            var next = text.IndexOf(old, at, StringComparison.Ordinal);
            if (next < 0)
                break;
            budget.Step();
            if (made.Length > Budget.MostCharacters)
                throw Budget.TooLarge();
            made.Append(text, at, next - at).Append(by);
            at = next + old.Length;
        }

        made.Append(text, at, text.Length - at);
        budget.Make(made.Length);
        return made.ToString();
    }

    // Nothing is replaced before every character and at the end.
    private static string Spread(string text, string by, long count, Budget budget)
    {
        var points = new CodePoints(text);
        budget.Make(text.Length + ((points.Count + 1L) * by.Length));
        var made = new StringBuilder();
        for (var index = 0; index < points.Count; index++)
        {
            made.Append(count == 0 ? "" : by).Append(points[index]);
            count -= count > 0 ? 1 : 0;
        }

        return made.Append(count == 0 ? "" : by).ToString();
    }

    private static string? Chars(Arguments given, string name) =>
        given.Bind(name, "chars")[0] switch
        {
            null => null,
            string chars => chars,
            var other when other == Arguments.Missing => null,
            var other => throw new TemplateFault($"{name} takes a text, not a {Kinds.Of(other)}"),
        };

    private static string Part(Arguments given, string name) =>
        given.Bind(name, "value")[0] as string ?? throw new TemplateFault($"{name} takes one text");

    private static object? None(Arguments given, string name, object? result)
    {
        _ = given.Bind(name);
        return result;
    }

    private static bool Any(Arguments given, string name, Func<string, bool> has) =>
        given.Bind(name, "value")[0] switch
        {
            string part => has(part),
            TemplateList { IsTuple: true } parts when parts.Items.All(part => part is string) => parts.Items.Any(part =>
                has((string)part!)
            ),
            _ => throw new TemplateFault($"{name} takes a text, or a tuple of texts"),
        };

    private static TemplateList Split(string text, Arguments given, Budget budget, bool fromEnd)
    {
        var values = given.Bind("split", "sep", "maxsplit");
        var most = values[1] == Arguments.Missing ? -1 : Numbers.Whole(values[1]);
        List<string> parts = values[0] switch
        {
            string { Length: 0 } => throw new TemplateFault("a text is split at an empty text"),
            string separator => SplitAt(text, separator, most, fromEnd),
            null => SplitAtSpace(text, most, fromEnd),
            var other when other == Arguments.Missing => SplitAtSpace(text, most, fromEnd),
            var other => throw new TemplateFault($"split takes a text, not a {Kinds.Of(other)}"),
        };
        budget.Make(text.Length);
        budget.MakeItems(parts.Count);
        return new TemplateList([.. parts]);
    }

    private static TemplateList Lines(string text, Budget budget)
    {
        var lines = TextLines.Split(text);
        budget.MakeItems(lines.Count);
        return new TemplateList([.. lines]);
    }

    private static List<string> SplitAt(string text, string separator, long most, bool fromEnd)
    {
        var parts = text.Split(separator).ToList();
        if (most < 0 || parts.Count <= most + 1)
            return parts;
        var kept = (int)most;
        return fromEnd
            ? [string.Join(separator, parts[..^kept]), .. parts[^kept..]]
            : [.. parts[..kept], string.Join(separator, parts[kept..])];
    }

    // What is left once there are as many parts as are wanted keeps the blanks at its other end.
    private static List<string> SplitAtSpace(string text, long most, bool fromEnd)
    {
        var parts = new List<string>();
        for (var left = text; ; )
        {
            left = fromEnd ? PythonText.TrimEnd(left) : PythonText.TrimStart(left);
            if (left.Length == 0)
                break;
            var space =
                parts.Count == most ? -1
                : fromEnd ? LastSpace(left)
                : FirstSpace(left);
            if (space < 0)
            {
                parts.Add(left);
                break;
            }

            parts.Add(fromEnd ? left[(space + 1)..] : left[..space]);
            left = fromEnd ? left[..space] : left[space..];
        }

        if (fromEnd)
            parts.Reverse();
        return parts;
    }

    private static int FirstSpace(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (PythonText.IsSpace(text[at]))
                return at;
        }

        return -1;
    }

    private static int LastSpace(string text)
    {
        for (var at = text.Length - 1; at >= 0; at--)
        {
            if (PythonText.IsSpace(text[at]))
                return at;
        }

        return -1;
    }

    private static string Replace(string text, Arguments given, Budget budget)
    {
        var values = given.Bind("replace", "old", "new", "count");
        if (values[0] is not string old || values[1] is not string by)
            throw new TemplateFault("replace takes two texts");
        return Replace(text, old, by, values[2] == Arguments.Missing ? -1 : Numbers.Whole(values[2]), budget);
    }

    private static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        var within = false;
        foreach (var letter in text)
        {
            made.Append(within ? char.ToLowerInvariant(letter) : char.ToUpperInvariant(letter));
            within = char.IsLetter(letter);
        }

        return made.ToString();
    }

    private static long Index(string text, int unit) => unit < 0 ? -1 : CodePoints.IndexOf(text, unit);

    private static long Count(string text, string part)
    {
        if (part.Length == 0)
            return CodePoints.CountOf(text) + 1L;
        var count = 0L;
        for (
            var at = text.IndexOf(part, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)
        )
            count++;
        return count;
    }

    private static string Join(string text, Arguments given, Budget budget)
    {
        var parts = Sequences.All(given.Bind("join", "iterable")[0], budget);
        if (parts.Find(part => part is not string) is { } other)
            throw new TemplateFault($"the method join takes texts, and there is a {Kinds.Of(other)}; the filter join makes texts of all");
        if (parts.Contains(null))
            throw new TemplateFault("the method join takes texts, and there is a NoneType; the filter join makes texts of all");
        budget.Make(parts.Sum(part => (long)((string)part!).Length + text.Length));
        return string.Join(text, parts);
    }

    private static TemplateList Partition(string text, string separator, bool atLast)
    {
        if (separator.Length == 0)
            throw new TemplateFault("a text is split at an empty text");
        var at = atLast ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        object?[] parts =
            at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]]
            : atLast ? ["", "", text]
            : [text, "", ""];
        return new TemplateList(parts, isTuple: true);
    }

    private static bool IsCased(string text, bool upper) =>
        text.Any(letter => upper ? char.IsUpper(letter) : char.IsLower(letter))
        && !text.Any(letter => upper ? char.IsLower(letter) : char.IsUpper(letter));

    private static string Fill(string text, Arguments given, string name, Budget budget)
    {
        var width = Numbers.Small(given.Bind(name, "width")[0]);
        budget.Make(width);
        var sign = text is ['+' or '-', ..] ? text[..1] : "";
        return sign + text[sign.Length..].PadLeft(Math.Max(0, width - sign.Length - CodePoints.CountOf(text) + text.Length), '0');
    }

    private static string Pad(string text, Arguments given, string name, Budget budget)
    {
        var values = given.Bind(name, "width", "fillchar");
        var width = Numbers.Small(values[0]);
        var by = values[1] == Arguments.Missing ? " " : values[1] as string ?? throw new TemplateFault($"{name} fills with a text");
        var missing = width - CodePoints.CountOf(text);
        budget.Make((long)Math.Max(0, missing) * by.Length);
        if (missing <= 0)
            return text;
        var left = name switch
        {
            "ljust" => 0,
            "rjust" => missing,
            _ => (missing / 2) + (missing & width & 1),
        };
        return string.Concat(Enumerable.Repeat(by, left)) + text + string.Concat(Enumerable.Repeat(by, missing - left));
    }
}
