using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>What signs between values mean.</summary>
internal static class Operators
{
    /// <summary>Joins two values by a sign of arithmetic.</summary>
    /// <exception cref="TemplateFault">The sign means nothing between them.</exception>
    public static object? Join(string sign, object? left, object? right, Budget budget)
    {
        if (left is Undefined nothing)
            throw new TemplateFault(nothing.What);
        if (right is Undefined missing && !(sign == "%" && left is string))
            throw new TemplateFault(missing.What);
        if (Numbers.TryJoin(sign, left, right, out var number))
            return number;
        return (sign, left, right) switch
        {
            ("+", string a, string b) => Concatenate(a, b, budget),
            ("+", TemplateList a, TemplateList b) when a.IsTuple == b.IsTuple => Concatenate(a, b, budget),
            ("*", string or TemplateList, _) when Numbers.TryWhole(right, out var times) => Repeat(left, times, budget),
            ("*", _, string or TemplateList) when Numbers.TryWhole(left, out var times) => Repeat(right, times, budget),
            ("%", string form, _) => PercentFormat.Write(form, right, budget),
            ("+", string, _) or ("+", _, string) => throw new TemplateFault(
                $"a {Kinds.Of(left)} and a {Kinds.Of(right)} can't be joined by '+'; '~' makes text of both"
            ),
            _ => throw new TemplateFault($"'{sign}' means nothing between a {Kinds.Of(left)} and a {Kinds.Of(right)}"),
        };
    }

    /// <summary>Two texts behind each other.</summary>
    public static string Concatenate(string left, string right, Budget budget)
    {
        budget.Make((long)left.Length + right.Length);
        return left + right;
    }

    /// <summary>Compares two values.</summary>
    /// <exception cref="TemplateFault">They have no order, or there can be nothing in the right one.</exception>
    public static bool Compare(string sign, object? left, object? right) =>
        sign switch
        {
            "==" => PythonEquality.Instance.Equals(left, right),
            "!=" => !PythonEquality.Instance.Equals(left, right),
            "in" => Sequences.Contains(right, left),
            "not in" => !Sequences.Contains(right, left),
            _ when left is double.NaN || right is double.NaN => false,
            "<" => PythonOrder.Instance.Compare(left, right) < 0,
            "<=" => PythonOrder.Instance.Compare(left, right) <= 0,
            ">" => PythonOrder.Instance.Compare(left, right) > 0,
            _ => PythonOrder.Instance.Compare(left, right) >= 0,
        };

    private static TemplateList Concatenate(TemplateList left, TemplateList right, Budget budget)
    {
        budget.MakeItems((long)left.Items.Count + right.Items.Count);
        return new TemplateList([.. left.Items, .. right.Items], left.IsTuple);
    }

    private static object Repeat(object? value, long times, Budget budget)
    {
        times = Math.Max(times, 0);
        var length = value is string text ? text.Length : ((TemplateList)value!).Items.Count;
        if (length == 0 || times == 0)
            return value is string ? "" : new TemplateList([], ((TemplateList)value!).IsTuple);
        var made = Math.Min(times, Budget.MostCharacters + 1L) * length;
        if (value is string one)
        {
            budget.Make(made);
            return string.Concat(Enumerable.Repeat(one, (int)times));
        }

        budget.MakeItems(made);
        var list = (TemplateList)value!;
        return new TemplateList([.. Enumerable.Repeat(list.Items, (int)times).SelectMany(items => items)], list.IsTuple);
    }
}
