using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>Values as Python writes them, and what it takes for blanks.</summary>
internal static class PythonText
{
    /// <summary>Whether a character is a blank, a tab, an end of a line or the like.</summary>
    public static bool IsSpace(char letter) => char.IsWhiteSpace(letter) || letter is >= '\x1C' and <= '\x1F';

    /// <summary>Whether a text is nothing but that, and not empty.</summary>
    public static bool IsSpace(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!IsSpace(letter))
                return false;
        }

        return text.Length > 0;
    }

    /// <summary>Without the blanks at its end.</summary>
    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    /// <summary>Without the blanks at its beginning.</summary>
    public static string TrimStart(string text)
    {
        var start = 0;
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return text[start..];
    }

    /// <summary>Python's <c>str</c>.</summary>
    public static string Of(object? value) =>
        value switch
        {
            string text => text,
            Undefined => "",
            _ => Written(value),
        };

    /// <summary>Python's <c>repr</c>: strings in quotes.</summary>
    public static string Written(object? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (text.Length > Budget.MostCharacters)
            throw Budget.TooLarge();
        switch (value)
        {
            case null:
                text.Append("None");
                break;
            case bool truth:
                text.Append(truth ? "True" : "False");
                break;
            case long whole:
                text.Append(CultureInfo.InvariantCulture, $"{whole}");
                break;
            case double real:
                text.Append(Numbers.Write(real));
                break;
            case string letters:
                Quote(letters, text);
                break;
            case TemplateList list:
                WriteList(list, text);
                break;
            case TemplateMap map:
                WriteMap(map, text);
                break;
            case Undefined:
                text.Append("Undefined");
                break;
            default:
                throw new TemplateFault($"a {Kinds.Of(value)} has no text; use it, or make a list of it");
        }
    }

    private static void WriteList(TemplateList list, StringBuilder text)
    {
        text.Append(list.IsTuple ? '(' : '[');
        for (var index = 0; index < list.Items.Count; index++)
        {
            if (index > 0)
                text.Append(", ");
            Write(list.Items[index], text);
        }

        if (list is { IsTuple: true, Items.Count: 1 })
            text.Append(',');
        text.Append(list.IsTuple ? ')' : ']');
    }

    private static void WriteMap(TemplateMap map, StringBuilder text)
    {
        text.Append('{');
        var before = "";
        foreach (var (key, value) in map.Entries)
        {
            text.Append(before);
            before = ", ";
            Write(key, text);
            text.Append(": ");
            Write(value, text);
        }

        text.Append('}');
    }

    private static void Quote(string letters, StringBuilder text)
    {
        var quote = letters.Contains('\'', StringComparison.Ordinal) && !letters.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in letters.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                var value when value == quote => text.Append('\\').Append(quote),
                var value when IsPrinted(rune) => text.Append(rune.ToString()),
                < 0x100 => text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                < 0x10000 => text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        text.Append(quote);
    }

    private static bool IsPrinted(Rune rune) =>
        rune.Value == ' '
        || Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
            );
}
