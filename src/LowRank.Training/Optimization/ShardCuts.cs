using LowRank.Costs;
using LowRank.Layers;
using TorchSharp.Modules;

namespace LowRank.Training.Optimization;

/// <summary>
/// Where the ranges of the ranks lie in flat buffers, each rank one range of each buffer. What is updated element by element is cut evenly.
/// Where an update needs whole matrices, or both factors of a layer, the ranges end between them, as near to even as that allows.
/// </summary>
/// <param name="world">Number of ranks.</param>
/// <param name="linears">The model's factored layers.</param>
internal sealed class ShardCuts(int world, IReadOnlyList<LowRankLinear> linears)
{
    /// <summary>Even ranges, whose bounds are those of vector loads.</summary>
    public IReadOnlyList<long> Even(FlatBuffer buffer)
    {
        var units = buffer.Length / FlatLayout.Alignment;
        return [.. Enumerable.Range(0, world).Select(rank => units * rank / world * FlatLayout.Alignment), buffer.Length];
    }

    /// <summary>Ranges between parameters. U and V of a layer, and the guide beside them, are updated by one rank.</summary>
    public IReadOnlyList<long> BetweenParameters(FlatBuffer buffer)
    {
        var places = Places(buffer);
        var total = places[^1].Before;
        var cuts = new List<long> { 0 };
        for (var rank = 1; rank < world; rank++)
        {
            var wanted = (double)total * rank / world;
            cuts.Add(Math.Max(cuts[^1], places.MinBy(place => Math.Abs(place.Before - wanted)).Offset));
        }

        cuts.Add(buffer.Length);
        return cuts;
    }

    /// <summary>A guide belongs to the rank that updates the layer's factors.</summary>
    /// <param name="guide">The guide's buffer.</param>
    /// <param name="owner">The rank.</param>
    public IReadOnlyList<long> Whole(FlatBuffer guide, int owner) =>
        [.. Enumerable.Range(0, world + 1).Select(rank => rank <= owner ? 0 : guide.Length)];

    // Offsets at which a range may end, each with the elements that are updated before it: guides count with their layers.
    private List<(long Offset, long Before)> Places(FlatBuffer buffer)
    {
        var layerOf = new Dictionary<Parameter, LowRankLinear>(ReferenceEqualityComparer.Instance);
        foreach (var linear in linears)
            (layerOf[linear.U], layerOf[linear.V]) = (linear, linear);
        var open = new HashSet<LowRankLinear>(ReferenceEqualityComparer.Instance);
        var places = new List<(long, long)> { (0, 0) };
        long before = 0;
        for (var index = 0; index < buffer.Slices.Count; index++)
        {
            var slice = buffer.Slices[index];
            before += slice.Count;
            if (layerOf.TryGetValue(slice.Parameter, out var layer) && !open.Remove(layer))
            {
                open.Add(layer);
                before += layer.Guide?.NumberOfElements ?? 0;
            }

            if (open.Count == 0)
                places.Add((index + 1 < buffer.Slices.Count ? buffer.Slices[index + 1].Offset : buffer.Length, before));
        }

        return places;
    }
}
