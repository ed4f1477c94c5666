using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A table of vectors: int64 ids <c>[…]</c> to <c>[…, width]</c>.</summary>
public sealed class Embedding : Layer
{
    /// <summary>Allocates the table; <see cref="Initialization"/> draws it.</summary>
    /// <param name="count">Number of vectors.</param>
    /// <param name="width">Size of a vector.</param>
    /// <param name="options">Device and type.</param>
    public Embedding(long count, long width, ModelOptions options)
        : base(nameof(Embedding))
    {
        ArgumentNullException.ThrowIfNull(options);
        Weight = new Parameter(zeros(count, width, dtype: options.DataType, device: options.Device));
        register_parameter("weight", Weight);
    }

    /// <summary>The table: <c>[count, width]</c>.</summary>
    public Parameter Weight { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var ids = input.flatten();
        using var rows = Weight.index_select(0, ids);
        return rows.view([.. input.shape, Weight.shape[1]]);
    }
}
