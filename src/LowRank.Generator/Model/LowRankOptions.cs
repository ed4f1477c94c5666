namespace LowRank.Generator.Model;

/// <summary>What one <c>[LowRank]</c> says, and where it stands.</summary>
/// <param name="Origin">The attribute, to group what it selects and to place what is said about it.</param>
/// <param name="Rank">Inner size of the factors.</param>
/// <param name="PhaseOut">Fraction of the training steps after which the guide is gone.</param>
/// <param name="Layers">The range over the depth, as written; null when written as null.</param>
/// <param name="Guide">How the guide takes part.</param>
/// <param name="Schedule">How its share falls.</param>
internal sealed record LowRankOptions(Target Origin, int Rank, double PhaseOut, string? Layers, Guide Guide, Schedule Schedule)
{
    public bool HasGuide => Guide != Guide.None;
}
