namespace LowRank.Training.Distributed;

/// <summary>
/// Parts of the ranks as NCCL's calls. NCCL's own reduce-scatter and all-gather want parts of one size side by side, in the order of the
/// ranks; where the parts lie so, one call takes as many as there are ranks. Any other part is a reduction to its owner or a broadcast from
/// it.
/// </summary>
/// <param name="rank">This rank.</param>
/// <param name="world">Number of ranks.</param>
internal sealed class NcclParts(int rank, int world)
{
    /// <summary>Calls that sum each part at its owner.</summary>
    public IEnumerable<NcclCall> ReduceScatter(IReadOnlyList<(NcclBuffer Buffer, int Owner)> parts) =>
        Calls(
            parts,
            (whole, mine) => new(NcclOperation.ReduceScatter, whole.Address, mine.Address, (nuint)mine.Count, mine.Type, 0),
            (part, owner) => new(NcclOperation.Reduce, part.Address, part.Address, (nuint)part.Count, part.Type, owner)
        );

    /// <summary>Calls that copy each part from its owner.</summary>
    public IEnumerable<NcclCall> AllGather(IReadOnlyList<(NcclBuffer Buffer, int Owner)> parts) =>
        Calls(
            parts,
            (whole, mine) => new(NcclOperation.AllGather, mine.Address, whole.Address, (nuint)mine.Count, mine.Type, 0),
            (part, owner) => new(NcclOperation.Broadcast, part.Address, part.Address, (nuint)part.Count, part.Type, owner)
        );

    private IEnumerable<NcclCall> Calls(
        IReadOnlyList<(NcclBuffer Buffer, int Owner)> parts,
        Func<NcclBuffer, NcclBuffer, NcclCall> together,
        Func<NcclBuffer, int, NcclCall> alone
    )
    {
        for (var at = 0; at < parts.Count; )
        {
            if (AreTogether(parts, at))
            {
                yield return together(parts[at].Buffer, parts[at + rank].Buffer);
                at += world;
            }
            else
            {
                yield return alone(parts[at].Buffer, parts[at].Owner);
                at++;
            }
        }
    }

    // All ranks have to find the same, and addresses alone could be neighbors on one rank by chance: the parts have to be of one storage.
    private bool AreTogether(IReadOnlyList<(NcclBuffer Buffer, int Owner)> parts, int at)
    {
        if (at + world > parts.Count)
            return false;
        var first = parts[at].Buffer;
        for (var owner = 0; owner < world; owner++)
        {
            var expected = first with { Address = first.Address + (nint)(owner * first.Bytes) };
            if (parts[at + owner] != (expected, owner))
                return false;
        }

        return true;
    }
}
