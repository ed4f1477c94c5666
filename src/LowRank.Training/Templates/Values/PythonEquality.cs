using System.Runtime.CompilerServices;

namespace LowRank.Training.Templates.Values;

/// <summary>Python's <c>==</c>: numbers and truth values by what they amount to, lists and dictionaries by what is in them.</summary>
internal sealed class PythonEquality : IEqualityComparer<object?>
{
    public static readonly PythonEquality Instance = new();

    public new bool Equals(object? left, object? right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return (left, right) switch
        {
            (null, null) => true,
            (null, _) or (_, null) => false,
            (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
            (TemplateList a, TemplateList b) => a.IsTuple == b.IsTuple && a.Items.SequenceEqual(b.Items, this),
            (TemplateMap a, TemplateMap b) => a.Count == b.Count
                && a.Entries.All(entry => b.TryGet(entry.Key, out var value) && Equals(entry.Value, value)),
            (Undefined, Undefined) => true,
            _ when Numbers.TryReal(left, out var a) && Numbers.TryReal(right, out var b) => left is double || right is double
                ? a == b
                : Numbers.Whole(left) == Numbers.Whole(right),
            _ => ReferenceEquals(left, right),
        };
    }

    public int GetHashCode(object? value) =>
        value switch
        {
            null => 0,
            string text => string.GetHashCode(text, StringComparison.Ordinal),
            TemplateList list => list.Items.Aggregate(list.Items.Count, (hash, item) => HashCode.Combine(hash, GetHashCode(item))),
            _ when Numbers.TryReal(value, out var real) => real.GetHashCode(),
            _ => RuntimeHelpers.GetHashCode(value),
        };
}
