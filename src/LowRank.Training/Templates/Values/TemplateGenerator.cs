namespace LowRank.Training.Templates.Values;

/// <summary>What filters such as <c>map</c> and <c>select</c> give: elements that can be taken once, without a length.</summary>
/// <param name="items">The elements.</param>
internal sealed class TemplateGenerator(IEnumerable<object?> items)
{
    private readonly List<object?> all = [.. items];
    private int taken;

    /// <summary>The elements that weren't taken yet.</summary>
    public IEnumerable<object?> Rest()
    {
        while (taken < all.Count)
            yield return all[taken++];
    }
}
