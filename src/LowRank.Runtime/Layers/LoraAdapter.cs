using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The adapter of a linear layer, or of some of its outputs: <c>(α/r)·B A drop(x)</c>. B starts at 0, so that the model starts as it was.
/// </summary>
public sealed class LoraAdapter : Layer
{
    private Tensor? innerGradient;
    private Tensor? keptShare;

    /// <summary>
    /// Makes the adapter and draws A by the options' seed, even where other weights are about to be loaded: with both factors at 0 neither
    /// would get a gradient. A model draws it once more, by its place there.
    /// </summary>
    /// <param name="inputs">Size of the last dimension of the input.</param>
    /// <param name="part">Which outputs it adds to, and its size.</param>
    /// <param name="options">Device and type of the parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank, α or the dropout is out of range.</exception>
    internal LoraAdapter(long inputs, LoraPart part, ModelOptions options)
        : base(nameof(LoraAdapter))
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(part.Rank, 1, nameof(part));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part.Rank, Math.Min(inputs, part.Outputs), nameof(part));
        if (!(part.Alpha > 0 && double.IsFinite(part.Alpha)))
            throw new ArgumentOutOfRangeException(nameof(part), part.Alpha, "α must be above 0 and finite.");
        if (part.Dropout is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(part), part.Dropout, "The dropout must be from 0 to below 1.");
        Part = part;
        A = new Parameter(zeros(part.Rank, inputs, dtype: options.DataType, device: options.Device));
        B = new Parameter(zeros(part.Outputs, part.Rank, dtype: options.DataType, device: options.Device));
        register_parameter("a", A);
        register_parameter("b", B);
        InitialWeights.Kaiming(this, options.Seed, part.RegisteredName);
    }

    /// <summary>Which outputs it adds to, and its size.</summary>
    internal LoraPart Part { get; }

    /// <summary>A: <c>[rank, inputs]</c>.</summary>
    public Parameter A { get; }

    /// <summary>B: <c>[outputs, rank]</c>.</summary>
    public Parameter B { get; }

    /// <summary>α/r, or α/√r where it is <see cref="LoraPart.RankStabilized"/>.</summary>
    public double Scale => Part.Scale;

    /// <summary>Its place among the adapters of the model; keys its dropout.</summary>
    internal int Index { get; set; }

    /// <summary>Forward FLOPs per token: 2·r·(inputs + outputs).</summary>
    internal long ForwardFlopsPerToken => 2 * (A.NumberOfElements + B.NumberOfElements);

    /// <summary>
    /// What it adds to the layer's output, nothing dropped: <c>[…, inputs]</c> to <c>[…, outputs]</c>, in the type of the input.
    /// </summary>
    /// <param name="input">The layer's input.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var a = A.to(input.dtype);
        using var b = B.to(input.dtype);
        using var inner = nn.functional.linear(input, a);
        using var scaled = inner.Times(Scale);
        return nn.functional.linear(scaled, b);
    }

    /// <summary>The weight that it amounts to, <c>(α/r)·BA</c>, in double precision. The caller disposes it.</summary>
    internal Tensor Weight()
    {
        using var noGradient = no_grad();
        using var a = A.to(ScalarType.Float64);
        using var b = B.to(ScalarType.Float64);
        return b.mm(a).MultiplyInPlace(Scale);
    }

    /// <summary>Adds to the layer's output in a recorded pass.</summary>
    internal void AddTo(Tensor output, Tensor rows, Tape tape)
    {
        using var share = KeptShare(rows, tape);
        using var dropped = share is null ? rows.alias() : rows.mul(share);
        var inner = nn.functional.linear(dropped, tape.Weight(A, rows.dtype)).MultiplyInPlace(Scale);
        tape.Keep(inner);
        using var place = output.narrow(1, Part.FirstOutput, Part.Outputs);
        using var transposed = tape.Weight(B, rows.dtype).t();
        place.addmm_(inner, transposed, 1, 1);
    }

    /// <summary>The backward pass: adds the gradient of B, and that of the input to a place.</summary>
    internal void Backward(Tensor gradient, Tape tape, Tensor into)
    {
        using var columns = gradient.narrow(1, Part.FirstOutput, Part.Outputs);
        using (var inner = tape.Take())
            GradientMemory.AddProduct(B, columns, inner);
        // Kept for the gradient of A, which needs the input.
        innerGradient = columns.mm(tape.Weight(B, gradient.dtype)).MultiplyInPlace(Scale).DetachFromDisposeScope();
        keptShare = KeptShare(into, tape)?.DetachFromDisposeScope();
        if (keptShare is null)
        {
            into.addmm_(innerGradient, tape.Weight(A, gradient.dtype), 1, 1);
            return;
        }

        using var inputGradient = innerGradient.mm(tape.Weight(A, gradient.dtype));
        into.AddProductInPlace(inputGradient, keptShare, 1);
    }

    /// <summary>Adds the gradient of A; follows <see cref="Backward"/>.</summary>
    internal void BackwardWeights(Tensor input)
    {
        using (innerGradient)
        using (keptShare)
        using (var dropped = keptShare is null ? input.alias() : input.mul(keptShare))
            GradientMemory.AddProduct(A, innerGradient!, dropped);
        (innerGradient, keptShare) = (null, null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            innerGradient?.Dispose();
            keptShare?.Dispose();
        }

        base.Dispose(disposing);
    }

    // 0 for what is dropped, 1/(1−p) for what is kept. Drawn again in the backward pass instead of kept: the key says it all.
    private Tensor? KeptShare(Tensor rows, Tape tape)
    {
        if (Part.Dropout == 0)
            return null;
        var key =
            tape.Dropout ?? throw new InvalidOperationException("Adapters with dropout need Tape.Dropout, which keys what is dropped.");
        return DropoutMask.KeptShare(rows.shape, rows.dtype, rows.device, Part.Dropout, key.SeedsOf(Index));
    }
}
