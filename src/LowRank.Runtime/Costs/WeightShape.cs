using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>One weight of a part.</summary>
/// <param name="Name">Its role: <c>Query</c>, <c>Up</c>, <c>Tokens</c>…</param>
/// <param name="Inputs">Size of what it reads.</param>
/// <param name="Outputs">Size of what it writes.</param>
/// <param name="Rank">Rank of its factors; 0 when dense.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record WeightShape(string Name, long Inputs, long Outputs, int Rank)
{
    /// <summary>Whether its factors have a guide at first.</summary>
    public bool HasGuide { get; init; }

    /// <summary>How many weights of this shape a block has: one, or one for each expert of a mixture.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Through how many of them a token passes.</summary>
    public int Active { get; init; } = 1;
}
