using System.Runtime.CompilerServices;
using LowRank.Training.Templates.Values;

namespace LowRank.Training.Templates;

/// <summary>Python's <c>&lt;</c>: numbers by size, strings by code points, lists and tuples element by element.</summary>
internal sealed class PythonOrder : IComparer<object?>
{
    public static readonly PythonOrder Instance = new();

    /// <exception cref="TemplateFault">The values have no order.</exception>
    public int Compare(object? left, object? right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return (left, right) switch
        {
            (string a, string b) => Texts(a, b),
            (TemplateList a, TemplateList b) when a.IsTuple == b.IsTuple => Lists(a.Items, b.Items),
            _ when Numbers.TryWhole(left, out var a) && Numbers.TryWhole(right, out var b) => a.CompareTo(b),
            _ when Numbers.TryReal(left, out var a) && Numbers.TryReal(right, out var b) => a.CompareTo(b),
            (Undefined missing, _) => throw new TemplateFault(missing.What),
            (_, Undefined missing) => throw new TemplateFault(missing.What),
            _ => throw new TemplateFault(
                $"a value of the type {Kinds.Of(left)} is neither less nor more than one of the type {Kinds.Of(right)}"
            ),
        };
    }

    /// <summary>Elements in the order of their keys; equal ones keep theirs.</summary>
    /// <exception cref="TemplateFault">Keys have no order.</exception>
    public static List<T> Sort<T>(IEnumerable<T> items, Func<T, object?> key, bool isReverse = false)
    {
        try
        {
            return [.. isReverse ? items.OrderByDescending(key, Instance) : items.OrderBy(key, Instance)];
        }
        catch (InvalidOperationException exception) when (exception.InnerException is TemplateFault fault)
        {
            // A sort wraps what its comparer throws.
            throw new TemplateFault(fault.Message);
        }
        catch (InvalidOperationException exception) when (exception.InnerException is InsufficientExecutionStackException)
        {
            throw new TemplateFault("values are nested too deeply");
        }
    }

    // Halves of pairs are beyond all other units, which code points are not.
    private static int Texts(string left, string right)
    {
        for (var at = 0; at < left.Length && at < right.Length; at++)
        {
            if (left[at] != right[at])
                return char.IsSurrogate(left[at]) == char.IsSurrogate(right[at]) ? left[at].CompareTo(right[at])
                    : char.IsSurrogate(left[at]) ? 1
                    : -1;
        }

        return left.Length.CompareTo(right.Length);
    }

    private int Lists(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        for (var at = 0; at < left.Count && at < right.Count; at++)
        {
            if (!PythonEquality.Instance.Equals(left[at], right[at]))
                return Compare(left[at], right[at]);
        }

        return left.Count.CompareTo(right.Count);
    }
}
