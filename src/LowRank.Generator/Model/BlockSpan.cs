namespace LowRank.Generator.Model;

/// <summary>Consecutive blocks in which a sublayer is built the same way.</summary>
/// <param name="First">First block, counted from 0.</param>
/// <param name="Count">Number of blocks.</param>
/// <param name="Linears">The linear layers of the sublayer in each of them.</param>
internal sealed record BlockSpan(int First, int Count, EquatableArray<LinearModel> Linears)
{
    /// <summary>The rank of the factored linears; 0 when all are dense.</summary>
    public int Rank => Linears.Select(linear => linear.LowRank?.Rank ?? 0).Max();
}
