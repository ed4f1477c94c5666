using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The residual stream of a recorded pass, in the type of the parameters. A sublayer's output waits until the next norm reads the stream,
/// which adds it in the same pass over the memory.
/// </summary>
internal sealed class ResidualStream : IDisposable
{
    /// <summary>Begins a stream.</summary>
    /// <param name="value"><c>[batch, sequence, width]</c>; it belongs to the stream from now on.</param>
    public ResidualStream(Tensor value) => Value = value;

    /// <summary>The stream without what waits, <c>[batch, sequence, width]</c>. It stays the stream's.</summary>
    public Tensor Value { get; private set; }

    /// <summary>What waits to be added, or null. It stays the stream's.</summary>
    public Tensor? Pending { get; private set; }

    /// <summary>Lets a sublayer's output wait. Takes it over: the caller must not use it any more.</summary>
    /// <param name="output">Of the stream's shape, in the type of the products.</param>
    public void Add(Tensor output)
    {
        Flush();
        Pending = output;
    }

    /// <summary>The whole stream, with what waited. It stays the stream's.</summary>
    public Tensor Flush()
    {
        if (Pending is { } output)
            Settle(output.dtype == Value.dtype ? output.AddInPlace(Value).alias() : Value.Plus(output));
        return Value;
    }

    /// <summary>Takes over the sum of the stream and of what waited.</summary>
    /// <param name="sum">The sum; it belongs to the stream from now on.</param>
    public void Settle(Tensor sum)
    {
        Dispose();
        (Value, Pending) = (sum, null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Value.Dispose();
        Pending?.Dispose();
    }
}
