using LowRank.Cuda;

namespace LowRank.Kernels;

/// <summary>How the threads of a kernel share rows.</summary>
/// <param name="Pack">Elements of an access.</param>
/// <param name="Team">Threads that share a row: whole warps.</param>
/// <param name="Teams">Rows that a block has at once; more than one only where a team is one warp.</param>
/// <param name="IsKept">Whether a row is kept in registers; a wider one is read again.</param>
internal readonly record struct RowLayout(int Pack, int Team, int Teams, bool IsKept)
{
    private const int Warp = 32;
    private const int LargestTeam = 1024;

    /// <summary>Threads of a block.</summary>
    public int Threads => Team * Teams;

    /// <summary>What a kernel is compiled with.</summary>
    public string Constants => $"PACK={Pack} TEAM={Team} TEAMS={Teams} KEPT={(IsKept ? 1 : 0)}";

    /// <summary>For a kernel that reads a row and writes one: one warp without a barrier where its registers hold the row.</summary>
    public static RowLayout Forward(long width, int pack) => Of(width, pack, elementsOfLane: 32, elementsOfThread: 16, teams: 4);

    /// <summary>For one that keeps five rows: fewer elements for each thread.</summary>
    public static RowLayout Backward(long width, int pack) => Of(width, pack, elementsOfLane: 8, elementsOfThread: 8, teams: 8);

    /// <summary>All rows at once.</summary>
    public KernelGrid Grid(long rows) => new((rows + Teams - 1) / Teams, Threads);

    private static RowLayout Of(long width, int pack, int elementsOfLane, int elementsOfThread, int teams)
    {
        if (width <= Warp * elementsOfLane)
            return new(pack, Warp, teams, IsKept: true);
        var threads = (width + elementsOfThread - 1) / elementsOfThread;
        var team = (threads + Warp - 1) / Warp * Warp;
        return new(pack, (int)Math.Min(team, LargestTeam), 1, IsKept: team <= LargestTeam);
    }
}
