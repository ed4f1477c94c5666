using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Sublayers around the residual stream, one after the other (<c>x ← x + f(x)</c>), or all of them over the same input
/// (<c>x + f(x) + g(x)</c>, as GPT-J has it); norms stand within f and g. Generated blocks derive from it and write down their
/// forward pass; training's passes and the order of decoding are here.
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
    /// <param name="stream">The stream, <c>[batch, sequence, width]</c>; becomes the new one.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    internal void Record(ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!isParallel)
        {
            foreach (var sublayer in sublayers)
                stream.Add(RecordNormed(sublayer, stream, tape));
            return;
        }

        foreach (var output in sublayers.Select(sublayer => RecordNormed(sublayer, stream, tape)).ToList())
            stream.Add(output);
    }

    /// <summary>The backward pass: adds the gradients of the parameters where they are kept.</summary>
    /// <param name="gradient">Gradient of the new stream; becomes, in place, that of the stream before.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    internal void Backward(StreamGradient gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        using var shared = isParallel ? gradient.Share() : null;
        foreach (var sublayer in sublayers.Reverse())
        {
            using var own = isParallel ? null : gradient.Upstream();
            if (sublayer.PostNorm is not { } norm)
            {
                sublayer.Backward(shared ?? own!, gradient, tape);
                continue;
            }

            using var upstream = NormBackward(norm, shared ?? own!, tape);
            sublayer.Backward(upstream, gradient, tape);
        }

        gradient.EndSharing();
    }

    /// <summary>States how one token is read.</summary>
    /// <param name="plan">Takes the sublayers up.</param>
    internal void PlanDecoding(DecodingPlan plan)
    {
        plan.BeginBlock(isParallel);
        foreach (var sublayer in sublayers)
        {
            plan.BeginSublayer(sublayer.PostNorm);
            sublayer.PlanDecoding(plan);
            plan.EndSublayer();
        }
    }

    private static Tensor RecordNormed(ISublayer sublayer, ResidualStream stream, Tape tape)
    {
        var output = sublayer.Record(stream, tape);
        if (sublayer.PostNorm is not { } norm)
            return output;
        using (output)
            return norm.Record(output, tape);
    }

    private static Tensor NormBackward(NormLayer norm, Tensor upstream, Tape tape)
    {
        var gradient = ActivationMemory.EmptyLike(upstream).zero_();
        norm.Backward(upstream, tape, gradient);
        return gradient;
    }
}
