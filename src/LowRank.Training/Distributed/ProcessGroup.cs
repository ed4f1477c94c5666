namespace LowRank.Training.Distributed;

/// <summary>The processes that train one model together, as one of them sees it.</summary>
/// <param name="Collectives">Their collective operations.</param>
internal sealed record ProcessGroup(ICollectives Collectives)
{
    /// <summary>This process, from 0.</summary>
    public int Rank => Collectives.Rank;

    /// <summary>Number of processes.</summary>
    public int World => Collectives.World;

    /// <summary>Whether this process speaks and saves for all.</summary>
    public bool IsFirst => Rank == 0;
}
