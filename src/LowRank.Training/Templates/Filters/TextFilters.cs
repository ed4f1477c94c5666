using System.Text;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates.Filters;

/// <summary>Filters over texts.</summary>
internal static class TextFilters
{
    private const string WordStarts = "-({[<";

    /// <summary>The value as a text, where a filter takes nothing else.</summary>
    public static string Text(Arguments given, string name) => PythonText.Of(given.Bind(name, "value")[0]);

    public static object Trim(Arguments given, Budget budget)
    {
        var values = given.Bind("trim", "value", "chars");
        return TextMethods.Strip(
            PythonText.Of(values[0]),
            values[1] == Arguments.Missing || values[1] is null ? null : PythonText.Of(values[1])
        );
    }

    public static object Replace(Arguments given, Budget budget)
    {
        var values = given.Bind("replace", "value", "old", "new", "count");
        if (values[1] == Arguments.Missing || values[2] == Arguments.Missing)
            throw new TemplateFault("replace takes two texts");
        var count = values[3] == Arguments.Missing || values[3] is null ? -1 : Numbers.Whole(values[3]);
        return TextMethods.Replace(PythonText.Of(values[0]), PythonText.Of(values[1]), PythonText.Of(values[2]), count, budget);
    }

    /// <summary>Every word with a large letter; words also begin behind a hyphen or an opening bracket.</summary>
    public static string Title(string text)
    {
        var made = new StringBuilder(text.Length);
        var begins = true;
        foreach (var letter in text)
        {
            made.Append(begins ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter));
            begins = PythonText.IsSpace(letter) || WordStarts.Contains(letter, StringComparison.Ordinal);
        }

        return made.ToString();
    }

    public static object Indent(Arguments given, Budget budget)
    {
        var values = given.Bind("indent", "value", "width", "first", "blank");
        var by = values[1] == Arguments.Missing ? "    " : values[1] as string ?? Spaces(Numbers.Small(values[1]), budget);
        var (first, blank) = (Flag(values[2]), Flag(values[3]));
        // An end is added, so that a last line which is empty counts.
        var lines = TextLines.Split(PythonText.Of(values[0]) + "\n");
        budget.Make(lines.Sum(line => (long)line.Length + by.Length + 1));
        var text = new StringBuilder(first ? by : "");
        for (var index = 0; index < lines.Count; index++)
        {
            if (index > 0)
                text.Append('\n').Append(blank || lines[index].Length > 0 ? by : "");
            text.Append(lines[index]);
        }

        return text.ToString();
    }

    public static object Json(Arguments given, Budget budget)
    {
        var values = given.Bind("tojson", "value", "ensure_ascii", "indent", "separators", "sort_keys");
        var indent = values[2] switch
        {
            null => null,
            string text => text,
            var other when other == Arguments.Missing => null,
            var other => Spaces(Math.Max(0, Numbers.Small(other)), budget),
        };
        var (between, behindKey) = (indent is null ? ", " : ",", ": ");
        if (values[3] is TemplateList { Items: [string item, string key] })
            (between, behindKey) = (item, key);
        else if (values[3] is not null && values[3] != Arguments.Missing)
            throw new TemplateFault("tojson takes two texts as separators");
        var json = new PythonJson(Flag(values[1]), indent, between, behindKey, Flag(values[4])).Write(values[0]);
        budget.Make(json.Length);
        return json;
    }

    public static object Format(Arguments given, Budget budget)
    {
        if (given.Named.Count > 0)
            throw new TemplateFault("format takes values by position alone");
        return PercentFormat.Write(
            PythonText.Of(given.Positional[0]),
            new TemplateList([.. given.Positional.Skip(1)], isTuple: true),
            budget
        );
    }

    /// <summary>Number of runs of letters, digits and underscores.</summary>
    public static int Words(string text)
    {
        var words = 0;
        var within = false;
        foreach (var letter in text)
        {
            var isWord = char.IsLetterOrDigit(letter) || letter == '_';
            if (isWord && !within)
                words++;
            within = isWord;
        }

        return words;
    }

    private static string Spaces(int count, Budget budget)
    {
        budget.Make(count);
        return new string(' ', Math.Max(0, count));
    }

    private static bool Flag(object? value) => value != Arguments.Missing && Sequences.IsTrue(value);
}
