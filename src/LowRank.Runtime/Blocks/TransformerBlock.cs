using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Sublayers around the residual stream, one after the other (<c>x ← x + f(x)</c>), or all of them over the same input
/// (<c>x + f(x) + g(x)</c>, as GPT-J has it). Generated blocks derive from it and write down their forward pass; training's passes and
/// the order of decoding are here.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TransformerBlock : CachingLayer
{
    private readonly ISublayer[] sublayers;
    private readonly bool isParallel;

    /// <summary>Registers the sublayers.</summary>
    /// <param name="name">The block's name in error messages.</param>
    /// <param name="isParallel">Whether all of them read what the block was given.</param>
    /// <param name="sublayers">The sublayers, each under its registered name, in the order in which they run; null where this block has
    /// none.</param>
    protected TransformerBlock(string name, bool isParallel, params (string Name, nn.Module? Sublayer)[] sublayers)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(sublayers);
        this.isParallel = isParallel;
        this.sublayers = [.. sublayers.Where(part => part.Sublayer is not null).Select(part => (ISublayer)part.Sublayer!)];
        foreach (var (key, sublayer) in sublayers)
        {
            if (sublayer is not null)
                register_module(key, sublayer);
        }
    }

    /// <summary>The forward pass of training.</summary>
    /// <param name="x">The stream, <c>[batch, sequence, width]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns>The new stream.</returns>
    internal Tensor Record(Tensor x, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(x);
        var stream = x.alias();
        foreach (var sublayer in sublayers)
        {
            using var before = stream;
            stream = ResidualPath.Add(before, sublayer.Record(isParallel ? x : before, tape));
        }

        return stream;
    }

    /// <summary>The backward pass: adds the gradients of the parameters where they are kept.</summary>
    /// <param name="gradient">Gradient of the new stream; becomes, in place, that of the stream before.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    internal void Backward(Tensor gradient, Tape tape)
    {
        // In parallel each starts from the gradient of the sum, whatever the others have added to it meanwhile.
        using var shared = isParallel ? ResidualPath.Upstream(gradient, tape, copies: true) : null;
        foreach (var sublayer in sublayers.Reverse())
        {
            using var own = isParallel ? null : ResidualPath.Upstream(gradient, tape);
            sublayer.Backward(shared ?? own!, gradient, tape);
        }
    }

    /// <summary>States how one token is read.</summary>
    /// <param name="plan">Takes the sublayers up.</param>
    internal void PlanDecoding(DecodingPlan plan)
    {
        plan.BeginBlock(isParallel);
        foreach (var sublayer in sublayers)
            sublayer.PlanDecoding(plan);
    }
}
