using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// The norms of a sublayer, of which it has at least one: before it, where it reads the stream, and after it, where its output has not yet
/// been added to the stream.
/// </summary>
internal sealed class SublayerNorms
{
    private readonly NormLayer? before;
    private readonly NormLayer? after;

    /// <summary>Takes them up.</summary>
    /// <param name="before">The norm before, or null.</param>
    /// <param name="after">The norm after, or null.</param>
    /// <exception cref="ArgumentException">There is neither.</exception>
    public SublayerNorms(NormLayer? before, NormLayer? after)
    {
        if (before is null && after is null)
            throw new ArgumentException("A sublayer has a norm before it, after it, or both.", nameof(before));
        (this.before, this.after) = (before, after);
    }

    /// <summary>The norm before, or null.</summary>
    public NormLayer? BeforeOrNull => before;

    /// <summary>The norm after, or null.</summary>
    public NormLayer? AfterOrNull => after;

    /// <summary>The norm before.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer Before => before ?? throw new InvalidOperationException("This sublayer has no norm before it.");

    /// <summary>The norm after.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer After => after ?? throw new InvalidOperationException("This sublayer has no norm after it.");

    /// <summary>The stream in the type of the products, for a sublayer without a norm before it.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    public Tensor InProductType(Tensor x) => x.to((after ?? before!).OutputType);

    /// <summary>What the sublayer reads of the stream: through the norm before it, or in the type of the products.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    public Tensor Read(Tensor x) => before is null ? InProductType(x) : before.forward(x);

    /// <summary>What is added to the stream: the output through the norm after it, where there is one.</summary>
    /// <param name="output"><c>[batch, sequence, width]</c>; taken over.</param>
    public Tensor Apply(Tensor output)
    {
        if (after is null)
            return output;
        using (output)
            return after.forward(output);
    }

    /// <summary>What the sublayer reads of the stream in a recorded pass.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tape">Keeps what the backward pass needs.</param>
    /// <returns><c>[batch, sequence, width]</c>, in the type of the products. The caller disposes it.</returns>
    public Tensor Record(ResidualStream stream, Tape tape)
    {
        if (before is not null)
            return before.Record(stream, tape);
        var x = stream.Flush();
        return x.dtype == tape.ProductType ? x.alias() : ActivationMemory.Cast(x, tape.ProductType);
    }

    /// <summary>The backward pass: adds to the gradient of the stream.</summary>
    /// <param name="inputGradient">Gradient of what <see cref="Record"/> returned.</param>
    /// <param name="gradient">Gradient of the stream.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    public void Backward(Tensor inputGradient, StreamGradient gradient, Tape tape)
    {
        if (before is null)
            gradient.Add(inputGradient);
        else
            gradient.AddThrough(before, inputGradient, tape);
    }
}
