namespace LowRank.Training.Templates.Values;

/// <summary>A list or a tuple. Templates can't change one.</summary>
/// <param name="items">The elements.</param>
/// <param name="isTuple">Whether it is written in round brackets.</param>
internal sealed class TemplateList(IReadOnlyList<object?> items, bool isTuple = false)
{
    /// <summary>The elements.</summary>
    public IReadOnlyList<object?> Items => items;

    /// <summary>Whether it is written in round brackets.</summary>
    public bool IsTuple => isTuple;
}
