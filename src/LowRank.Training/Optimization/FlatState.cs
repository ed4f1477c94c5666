using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>What an optimizer keeps about one parameter, of which this process may have all, a part or nothing.</summary>
/// <param name="Name">The name in a checkpoint.</param>
/// <param name="Buffer">Where the parameter lies.</param>
/// <param name="Shape">The shape of the whole.</param>
/// <param name="Parts">Where its elements are kept: one range after the other, each with the rank that has it.</param>
/// <param name="Own">The elements that this process has, flat; null for none.</param>
internal sealed record FlatState(
    string Name,
    FlatBuffer Buffer,
    IReadOnlyList<long> Shape,
    IReadOnlyList<StatePart> Parts,
    Func<Tensor>? Own
)
{
    /// <summary>Number of elements of the whole.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes of the whole.</summary>
    public long Bytes => Count * Buffer.Values.ElementSize;

    /// <summary>Whether this process has all of it.</summary>
    public bool IsWhole => Parts is [{ IsOwn: true }];

    /// <summary>State with one number for each of the parameter's elements.</summary>
    /// <param name="name">The name in a checkpoint.</param>
    /// <param name="buffer">Where the parameter lies.</param>
    /// <param name="slice">The parameter.</param>
    /// <param name="kept">The state of all elements that this process updates: <c>[OwnLength]</c>.</param>
    public static FlatState OfElements(string name, FlatBuffer buffer, FlatSlice slice, Tensor kept)
    {
        var parts = new List<StatePart>();
        for (var rank = 0; rank + 1 < buffer.Cuts.Count; rank++)
        {
            var start = Math.Max(slice.Offset, buffer.Cuts[rank]);
            var end = Math.Min(slice.Offset + slice.Count, buffer.Cuts[rank + 1]);
            if (start < end)
                parts.Add(new StatePart(start - slice.Offset, end - start, rank, rank == buffer.OwnRank));
        }

        var own = parts.FirstOrDefault(part => part.IsOwn);
        return new FlatState(
            name,
            buffer,
            slice.Parameter.shape,
            parts,
            own.Count > 0 ? () => kept.narrow(0, slice.Offset + own.Start - buffer.OwnStart, own.Count) : null
        );
    }

    /// <summary>State of another shape.</summary>
    /// <param name="name">The name in a checkpoint.</param>
    /// <param name="buffer">Where the parameter lies.</param>
    /// <param name="slice">The parameter.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="kept">The state; null where another rank has it.</param>
    public static FlatState OfParameter(string name, FlatBuffer buffer, FlatSlice slice, IReadOnlyList<long> shape, Tensor? kept)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        // What all ranks have, the first one writes.
        var owner = kept is null ? buffer.OwnerOf(slice.Offset) : buffer.OwnRank;
        return new FlatState(
            name,
            buffer,
            shape,
            [new StatePart(0, count, owner, kept is not null)],
            kept is null ? null : () => kept.view(-1)
        );
    }
}
