using System.Globalization;
using System.Text;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>Python's <c>'%s of %d' % (a, b)</c>, with the letters s, r, d, i, f and x.</summary>
internal static class PercentFormat
{
    /// <summary>The text.</summary>
    /// <param name="form">The text with places.</param>
    /// <param name="given">A value, a tuple of values, or a dictionary for places with names.</param>
    /// <param name="budget">Is charged.</param>
    /// <exception cref="TemplateFault">A place is of another kind, or there are more or fewer of them than values.</exception>
    public static string Write(string form, object? given, Budget budget)
    {
        var values = new Queue<object?>(given is TemplateList { IsTuple: true } tuple ? tuple.Items : [given]);
        var text = new StringBuilder();
        for (var at = 0; at < form.Length; at++)
        {
            if (form[at] != '%')
                text.Append(form[at]);
            else if (at + 1 < form.Length && form[at + 1] == '%')
                text.Append(form[++at]);
            else
                text.Append(Place(form, ref at, values));
        }

        if (values.Count > 0 && given is not TemplateMap)
            throw new TemplateFault("there are more values than places in a text with '%'");
        budget.Make(text.Length);
        return text.ToString();
    }

    private static string Place(string form, ref int at, Queue<object?> values)
    {
        var start = at++;
        var digits = -1;
        if (at + 1 < form.Length && form[at] == '.' && char.IsAsciiDigit(form[at + 1]))
        {
            digits = form[at + 1] - '0';
            at += 2;
        }

        if (at >= form.Length || form[at] is not ('s' or 'r' or 'd' or 'i' or 'f' or 'x') || (digits >= 0 && form[at] != 'f'))
            throw new TemplateFault(
                $"the place '{form[start..Math.Min(at + 1, form.Length)]}' in a text is not read; use %s, %d, %f or %x"
            );
        if (!values.TryDequeue(out var value))
            throw new TemplateFault("there are fewer values than places in a text with '%'");
        return form[at] switch
        {
            's' => PythonText.Of(value),
            'r' => PythonText.Written(value),
            'x' => Numbers.Whole(value).ToString("x", CultureInfo.InvariantCulture),
            'f' => Numbers.TryReal(value, out var real)
                ? real.ToString("F" + (digits < 0 ? 6 : digits).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                : throw new TemplateFault($"%f takes a number, not a {Kinds.Of(value)}"),
            _ => value is double part
                ? Math.Truncate(part).ToString("0", CultureInfo.InvariantCulture)
                : Numbers.Whole(value).ToString(CultureInfo.InvariantCulture),
        };
    }
}
