using LowRank.Costs;
using static TorchSharp.torch.nn;

namespace LowRank;

/// <summary>
/// A declared sublayer: the type of the partial properties that make up a model. It names the live layers of the sublayer, one for
/// each block that has it, and what they cost.
/// </summary>
/// <param name="name">The property's name.</param>
/// <param name="layers">The layer of each block that has one, in order.</param>
/// <param name="costs">The accounting, one entry per run of equal blocks.</param>
/// <param name="blocks">The block of each layer; null where every block has one.</param>
public sealed class Sublayer(
    string name,
    IReadOnlyList<Module> layers,
    IReadOnlyList<SublayerCost> costs,
    IReadOnlyList<int>? blocks = null
)
{
    /// <summary>The property's name.</summary>
    public string Name { get; } = name;

    /// <summary>The live layer of each block that has one, in order.</summary>
    public IReadOnlyList<Module> Layers { get; } = layers;

    /// <summary>The block, counted from 0, in which each of <see cref="Layers"/> stands.</summary>
    public IReadOnlyList<int> Blocks { get; } = blocks ?? [.. Enumerable.Range(0, layers.Count)];

    /// <summary>The accounting, one entry per run of equal blocks.</summary>
    public IReadOnlyList<SublayerCost> Costs { get; } = costs;
}
