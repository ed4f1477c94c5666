namespace LowRank.Training.Scaling;

/// <summary>
/// What connects the ranks, and how long rings of them need. In a ring of N every rank sends <c>(N−1)/N</c> of the bytes to sum them with
/// each part at one rank (reduce-scatter), and as many to copy parts to all (all-gather); both together are an all-reduce, and no
/// algorithm sends less (Patarasuk and Yuan, 2009, doi:10.1016/j.jpdc.2008.09.002). With machines of k ranks, rings within each come first
/// and leave <c>1/k</c> of the bytes to rings between them.
/// </summary>
/// <param name="BytesPerSecond">What a rank sends, and receives meanwhile; between machines where there are links within.</param>
/// <param name="Latency">Seconds of each message beside its bytes.</param>
/// <param name="Node">Machines of several ranks with faster links; null where all links are alike.</param>
internal sealed record Links(double BytesPerSecond, double Latency, NodeLinks? Node)
{
    /// <summary>Whether so many ranks are whole machines, or a part of one.</summary>
    public bool Holds(int ranks) => Node is null || ranks <= Node.Ranks || ranks % Node.Ranks == 0;

    /// <summary>Seconds of a reduce-scatter, or of an all-gather.</summary>
    /// <param name="bytes">Bytes that are summed or gathered, those of all parts together.</param>
    /// <param name="ranks">Number of ranks.</param>
    public double HalfPass(decimal bytes, int ranks)
    {
        if (Node is null)
            return Ring((double)bytes, ranks, BytesPerSecond);
        var within = Math.Min(ranks, Node.Ranks);
        return Ring((double)bytes, within, Node.BytesPerSecond) + Ring((double)bytes / within, ranks / within, BytesPerSecond);
    }

    /// <summary>Bytes that each rank sends in one, whatever the machines: <c>(N−1)/N</c>.</summary>
    public static decimal Sent(decimal bytes, int ranks) => bytes * (ranks - 1) / ranks;

    private double Ring(double bytes, int ranks, double bytesPerSecond) => (ranks - 1) * (bytes / ranks / bytesPerSecond + Latency);
}

/// <summary>What connects the ranks of one machine.</summary>
/// <param name="Ranks">Ranks of a machine.</param>
/// <param name="BytesPerSecond">What a rank sends to others there, and receives meanwhile.</param>
internal sealed record NodeLinks(int Ranks, double BytesPerSecond);
