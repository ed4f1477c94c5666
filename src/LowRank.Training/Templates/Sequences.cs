using System.Runtime.CompilerServices;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>Truth, length and elements of values.</summary>
internal static class Sequences
{
    /// <summary>Whether a value counts as true.</summary>
    public static bool IsTrue(object? value) =>
        value switch
        {
            null or Undefined => false,
            bool truth => truth,
            string text => text.Length > 0,
            TemplateList list => list.Items.Count > 0,
            TemplateMap map => map.Count > 0,
            _ => !Numbers.TryReal(value, out var number) || number != 0,
        };

    /// <summary>The elements of a value: characters, elements, keys.</summary>
    /// <exception cref="TemplateFault">It has none.</exception>
    public static IEnumerable<object?> Items(object? value) =>
        value switch
        {
            string text => text.EnumerateRunes().Select(rune => (object?)rune.ToString()),
            TemplateList list => list.Items,
            TemplateMap map => map.Keys,
            TemplateGenerator generator => generator.Rest(),
            Undefined => [],
            _ => throw new TemplateFault($"a value of the type {Kinds.Of(value)} has no elements"),
        };

    /// <summary>The elements as a list, counted.</summary>
    /// <exception cref="TemplateFault">It has none, or too many.</exception>
    public static List<object?> All(object? value, Budget budget)
    {
        var items = new List<object?>();
        foreach (var item in Items(value))
        {
            budget.Step();
            items.Add(item);
            if (items.Count > Budget.MostItems)
                break;
        }

        budget.MakeItems(items.Count);
        return items;
    }

    /// <summary>Number of elements.</summary>
    /// <exception cref="TemplateFault">It has none.</exception>
    public static long Length(object? value) =>
        value switch
        {
            string text => CodePoints.CountOf(text),
            TemplateList list => list.Items.Count,
            TemplateMap map => map.Count,
            Undefined => 0,
            _ => throw new TemplateFault($"a value of the type {Kinds.Of(value)} has no length"),
        };

    /// <summary>Python's <c>in</c>.</summary>
    /// <exception cref="TemplateFault">There can be nothing in it.</exception>
    public static bool Contains(object? container, object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return container switch
        {
            string text => value is string part
                ? text.Contains(part, StringComparison.Ordinal)
                : throw new TemplateFault(
                    value is Undefined missing ? missing.What : $"a value of the type {Kinds.Of(value)} is looked for in a text"
                ),
            TemplateMap map => map.TryGet(value, out _),
            _ => Items(container).Any(item => PythonEquality.Instance.Equals(item, value)),
        };
    }
}
