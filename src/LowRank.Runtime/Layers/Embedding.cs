using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A table of vectors: int64 ids <c>[…]</c> to <c>[…, width]</c>, multiplied by a scale.</summary>
public sealed class Embedding : Layer
{
    private readonly double scale;

    /// <summary>Allocates the table; <see cref="InitialWeights"/> draws it.</summary>
    /// <param name="count">Number of vectors.</param>
    /// <param name="width">Size of a vector.</param>
    /// <param name="options">Device and type.</param>
    /// <param name="scale">What the vectors are multiplied by when they are looked up.</param>
    public Embedding(long count, long width, ModelOptions options, double scale = 1)
        : base(nameof(Embedding))
    {
        ArgumentNullException.ThrowIfNull(options);
        this.scale = scale;
        Weight = new Parameter(zeros(count, width, dtype: options.DataType, device: options.Device));
        register_parameter("weight", Weight);
    }

    /// <summary>The table: <c>[count, width]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>What the vectors are multiplied by when they are looked up.</summary>
    internal double Scale => scale;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var ids = input.flatten();
        using var rows = Weight.index_select(0, ids);
        using var scaled = scale == 1 ? rows.alias() : rows.Times(scale);
        return scaled.view([.. input.shape, Weight.shape[1]]);
    }

    /// <summary>The lookup in a recorded pass.</summary>
    /// <param name="ids">Int64 ids <c>[…]</c>.</param>
    /// <param name="tape">Keeps the ids.</param>
    /// <returns><c>[…, width]</c>.</returns>
    internal Tensor Record(Tensor ids, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(tape);
        tape.KeepAlias(ids);
        return forward(ids);
    }

    /// <summary>The backward pass: adds the gradients of the vectors that were looked up.</summary>
    /// <param name="gradient"><c>[…, width]</c>, in the type of the table; used up.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    internal void Backward(Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        using var ids = tape.Take();
        if (!Weight.requires_grad)
            return;
        using var flat = ids.flatten();
        using var rows = gradient.reshape(-1, Weight.shape[1]);
        if (scale != 1)
            rows.MultiplyInPlace(scale);
        using var sum = GradientMemory.Of(Weight);
        sum.AddRowsInPlace(flat, rows);
    }

    /// <summary>Adds the first vectors, one a position, to every sequence: learned positions in a recorded pass.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>, changed in place.</param>
    /// <param name="documents">The documents of the sequences, with each of which positions begin again; null where each is one.</param>
    internal void AddPositions(Tensor x, PackedDocuments? documents)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (documents is not null)
        {
            using var rows = Weight.index_select(0, documents.Positions(x.device));
            using var added = rows.view(x.shape);
            x.AddInPlace(added);
            return;
        }

        using var vectors = Weight.narrow(0, 0, x.shape[1]);
        x.AddInPlace(vectors);
    }

    /// <summary>The backward pass of <see cref="AddPositions"/>: adds the sums over the batch.</summary>
    /// <param name="gradient"><c>[batch, sequence, width]</c>.</param>
    /// <param name="documents">As before.</param>
    internal void AddPositionGradients(Tensor gradient, PackedDocuments? documents)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (!Weight.requires_grad)
            return;
        using var whole = GradientMemory.Of(Weight);
        if (documents is not null)
        {
            using var rows = gradient.reshape(-1, Weight.shape[1]);
            whole.AddRowsInPlace(documents.Positions(gradient.device), rows);
            return;
        }

        using var place = whole.narrow(0, 0, gradient.shape[1]);
        using var sum = gradient.sum([0L]);
        place.AddInPlace(sum);
    }
}
