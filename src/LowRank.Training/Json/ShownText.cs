using System.Globalization;
using System.Text;

namespace LowRank.Training.Json;

/// <summary>Text from a file as a message may show it: on one line, without what moves a terminal's cursor, and not for pages.</summary>
internal static class ShownText
{
    private const int Longest = 80;

    /// <summary>The text, its middle left out where it is long.</summary>
    public static string Of(string text, int most = Longest)
    {
        var shown = new StringBuilder(Math.Min(text.Length, most));
        foreach (var letter in Short(text, most))
        {
            var isPlain =
                !char.IsControl(letter)
                && char.GetUnicodeCategory(letter)
                    is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            if (isPlain)
                shown.Append(letter);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }

        return shown.ToString();
    }

    /// <summary>The first few of some names, and how many there are besides.</summary>
    public static string List(IReadOnlyCollection<string> names, int most = 8)
    {
        var shown = string.Join(", ", names.Take(most).Select(name => Of(name)));
        return names.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{shown} and {names.Count - most} more") : shown;
    }

    private static string Short(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var (head, tail) = (most * 2 / 3, text.Length - most / 4);
        // Not between the halves of a pair.
        if (char.IsLowSurrogate(text[head]))
            head--;
        if (char.IsLowSurrogate(text[tail]))
            tail++;
        return $"{text[..head]}…{text[tail..]}";
    }
}
