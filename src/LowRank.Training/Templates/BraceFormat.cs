using System.Globalization;
using System.Text;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>Python's <c>'{} of {name}'.format(…)</c>, without attributes, conversions and widths.</summary>
internal static class BraceFormat
{
    /// <summary>The text.</summary>
    /// <exception cref="TemplateFault">A place is of another kind, or has no value.</exception>
    public static string Write(string form, Arguments given, Budget budget)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var at = 0; at < form.Length; at++)
        {
            var letter = form[at];
            if (letter is '{' or '}' && at + 1 < form.Length && form[at + 1] == letter)
            {
                text.Append(letter);
                at++;
                continue;
            }

            if (letter is not ('{' or '}'))
            {
                text.Append(letter);
                continue;
            }

            var end = letter == '{' ? form.IndexOf('}', at) : -1;
            if (end < 0)
                throw new TemplateFault($"there is a single '{letter}' in a text that is formatted");
            text.Append(PythonText.Of(Value(form[(at + 1)..end], given, ref next)));
            if (text.Length > Budget.MostCharacters)
                throw Budget.TooLarge();
            at = end;
        }

        budget.Make(text.Length);
        return text.ToString();
    }

    private static object? Value(string place, Arguments given, ref int next)
    {
        if (given.Named.TryGetValue(place, out var named))
            return named;
        var index = next;
        if (place.Length == 0)
            next++;
        else if (!int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out index))
            throw new TemplateFault($"the place '{{{place}}}' in a text has no value, or is of a kind that is not read");
        return index < given.Positional.Count
            ? given.Positional[index]
            : throw new TemplateFault("there are fewer values than places in a text");
    }
}
