namespace LowRank.Generator.Model;

/// <summary>
/// What <c>[Module]</c> declares of the class that the compiler cannot see, parts left to themselves; null where it is left out.
/// </summary>
/// <param name="Parameters">Parameters that the class registers itself.</param>
/// <param name="FlopsPerRow">Forward FLOPs per row beside the linear layers.</param>
/// <param name="KeptPerRow">Numbers per row kept within <c>forward</c> for the backward pass.</param>
/// <param name="StateSize">Numbers that a recurrent module keeps for a sequence.</param>
internal sealed record OwnCosts(long? Parameters, long? FlopsPerRow, long? KeptPerRow, long? StateSize)
{
    /// <summary>Nothing declared.</summary>
    public static OwnCosts None { get; } = new(null, null, null, null);

    /// <summary>The numbers under the names of the attribute's arguments.</summary>
    public IEnumerable<(string Name, long? Value)> Named =>
        [("OwnParameters", Parameters), ("OwnFlopsPerRow", FlopsPerRow), ("KeptPerRow", KeptPerRow), ("StateSize", StateSize)];
}
