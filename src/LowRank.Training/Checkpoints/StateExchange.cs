using LowRank.Training.Distributed;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Checkpoints;

/// <summary>
/// Brings what several ranks keep of an optimizer's state to the first one, which writes it, a tensor at a time: nobody holds all of it at
/// once. The first rank asks as it writes, as often as it has to; the others answer until it is done.
/// </summary>
/// <param name="parameters">The parameters; on every rank with the same optimizer.</param>
internal sealed class StateExchange(FlatParameters parameters)
{
    private const long End = -1;

    private readonly IReadOnlyList<FlatState> states = [.. parameters.Buffers.SelectMany(buffer => buffer.State())];

    /// <summary>Everything that is kept, in the order of the checkpoints.</summary>
    public IReadOnlyList<FlatState> States => states;

    private ICollectives? Ranks => parameters.Reduction is { IsSharded: true } reduction ? reduction.Ranks : null;

    /// <summary>On the first rank: the whole of one, in its shape. The caller disposes it.</summary>
    /// <param name="index">Its place among <see cref="States"/>.</param>
    public Tensor Whole(int index)
    {
        var state = states[index];
        using var noGradient = no_grad();
        using var flat = state.IsWhole ? state.Own!() : Gathered(index);
        return flat.view([.. state.Shape]);
    }

    /// <summary>On the first rank: lets the others go on.</summary>
    public void Done()
    {
        if (Ranks is { } ranks)
            Tell(ranks, End);
    }

    /// <summary>On the other ranks: answers until the first one is done.</summary>
    public void Serve()
    {
        if (Ranks is not { } ranks)
            return;
        using var noGradient = no_grad();
        while (Tell(ranks, End) is var index and not End)
            Exchange(ranks, states[(int)index]).Dispose();
    }

    private Tensor Gathered(int index)
    {
        Tell(Ranks!, index);
        return Exchange(Ranks!, states[index]);
    }

    // What the first rank says; the others' number is overwritten.
    private static long Tell(ICollectives ranks, long index)
    {
        using var number = tensor([index], dtype: ScalarType.Int64, device: ranks.Device);
        ranks.Broadcast([number], root: 0);
        ranks.Wait();
        using var told = number.cpu();
        return told.item<long>();
    }

    private static Tensor Exchange(ICollectives ranks, FlatState state)
    {
        var whole = empty(state.Count, state.Buffer.Values.dtype, ranks.Device);
        using var scope = NewDisposeScope();
        var parts = state
            .Parts.Select(part => (part.IsOwn, Place: new OwnedPart(whole.narrow(0, part.Start, part.Count), part.Rank)))
            .ToList();
        foreach (var (_, place) in parts.Where(part => part.IsOwn))
        {
            using var own = state.Own!();
            place.Part.copy_(own);
        }

        ranks.AllGather([.. parts.Select(part => part.Place)]);
        ranks.Wait();
        return whole;
    }
}
