using System.Globalization;
using System.Text;

namespace LowRank.Training.Templates;

/// <summary>Python's <c>strftime</c>, in English on every machine.</summary>
internal static class Dates
{
    /// <summary>A time as text.</summary>
    /// <exception cref="TemplateFault">The form has a letter that is not read.</exception>
    public static string Write(DateTime time, object? form)
    {
        if (form is not string letters)
            throw new TemplateFault("strftime_now takes a text such as '%d %b %Y'");
        var text = new StringBuilder();
        for (var at = 0; at < letters.Length; at++)
        {
            if (letters[at] != '%' || at + 1 == letters.Length)
            {
                text.Append(letters[at]);
                continue;
            }

            at++;
            var isPlain = letters[at] == '-' && at + 1 < letters.Length;
            if (isPlain)
                at++;
            var part = Part(time, letters[at]);
            text.Append(isPlain && part.Length > 1 ? part.TrimStart('0').PadLeft(1, '0') : part);
        }

        return text.ToString();
    }

    private static string Part(DateTime time, char letter)
    {
        var form = letter switch
        {
            'Y' => "yyyy",
            'y' => "yy",
            'm' => "MM",
            'd' => "dd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'f' => "ffffff",
            'B' => "MMMM",
            'b' or 'h' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'p' => "tt",
            'F' => "yyyy-MM-dd",
            'T' => "HH:mm:ss",
            'R' => "HH:mm",
            'D' => "MM'/'dd'/'yy",
            _ => null,
        };
        if (form is not null)
            return time.ToString(form, CultureInfo.InvariantCulture);
        return letter switch
        {
            '%' => "%",
            'n' => "\n",
            't' => "\t",
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'Z' or 'z' => "",
            _ => throw new TemplateFault($"the part '%{letter}' of a time is not read"),
        };
    }
}
