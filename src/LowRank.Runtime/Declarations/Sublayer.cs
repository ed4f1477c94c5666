using LowRank.Costs;
using static TorchSharp.torch.nn;

namespace LowRank;

/// <summary>
/// A declared sublayer: the type of the partial properties that make up a model. It names the live layers of the sublayer, one per
/// block, and what they cost.
/// </summary>
/// <param name="name">The property's name.</param>
/// <param name="layers">The layer of each block, in order.</param>
/// <param name="costs">The accounting, one entry per run of equal blocks.</param>
public sealed class Sublayer(string name, IReadOnlyList<Module> layers, IReadOnlyList<SublayerCost> costs)
{
    /// <summary>The property's name.</summary>
    public string Name { get; } = name;

    /// <summary>The live layer of each block, in order.</summary>
    public IReadOnlyList<Module> Layers { get; } = layers;

    /// <summary>The accounting, one entry per run of equal blocks.</summary>
    public IReadOnlyList<SublayerCost> Costs { get; } = costs;
}
