using LowRank.Costs;
using static TorchSharp.torch.nn;

namespace LowRank;

/// <summary>
/// A declared sublayer: the type of the partial properties that make up a model. It names the live layers of the sublayer, one for
/// each block that has it, and what they cost.
/// </summary>
public sealed class Sublayer
{
    internal Sublayer(string name, IReadOnlyList<Module> layers, IReadOnlyList<SublayerCost> costs, IReadOnlyList<int> blocks) =>
        (Name, Layers, Costs, Blocks) = (name, layers, costs, blocks);

    /// <summary>The property's name.</summary>
    public string Name { get; }

    /// <summary>The live layer of each block that has one, in order.</summary>
    public IReadOnlyList<Module> Layers { get; }

    /// <summary>The block, counted from 0, in which each of <see cref="Layers"/> stands.</summary>
    public IReadOnlyList<int> Blocks { get; }

    /// <summary>The accounting, one entry per run of equal blocks.</summary>
    public IReadOnlyList<SublayerCost> Costs { get; }
}
