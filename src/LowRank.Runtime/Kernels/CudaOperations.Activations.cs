using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Kernels;

// Activations and gated units, both ways.
internal sealed unsafe partial class CudaOperations
{
    /// <inheritdoc/>
    public override Tensor Activate(Activation activation, Tensor x)
    {
        if (!IsDense(x))
            return base.Activate(activation, x);
        var output = AllocateLike(x, x.dtype);
        var count = x.NumberOfElements;
        var pack = PackOf([x, output]);
        var isLaunched =
            count == 0 || launcher.Launch(Variant("activate", activation, x, pack, pack), GridOf(count, pack), At(x), At(output), count);
        KeepAlive(x, output);
        if (isLaunched)
            return output;
        output.Dispose();
        return base.Activate(activation, x);
    }

    /// <inheritdoc/>
    public override Tensor ActivateBackward(Activation activation, Tensor x, Tensor gradient)
    {
        if (!IsDense(x) || !gradient.is_contiguous() || gradient.dtype != x.dtype)
            return base.ActivateBackward(activation, x, gradient);
        var count = x.NumberOfElements;
        var pack = PackOf([x, gradient]);
        var isLaunched =
            count == 0
            || launcher.Launch(Variant("activateBackward", activation, x, pack, pack), GridOf(count, pack), At(x), At(gradient), count);
        KeepAlive(x, gradient);
        return isLaunched ? gradient.alias() : base.ActivateBackward(activation, x, gradient);
    }

    /// <inheritdoc/>
    public override Tensor Gate(Activation activation, Tensor gate, Tensor up)
    {
        if (StrideOf(gate, up) is not { } stride)
            return base.Gate(activation, gate, up);
        var product = AllocateLike(gate, gate.dtype);
        if (TryGate("gate", activation, gate, up, product, stride))
            return product;
        product.Dispose();
        return base.Gate(activation, gate, up);
    }

    /// <inheritdoc/>
    public override Tensor GateBackward(Activation activation, Tensor gate, Tensor up, Tensor gradient)
    {
        var isTaken = gradient.dtype == gate.dtype && gradient.is_contiguous() && gradient.shape.AsSpan().SequenceEqual(gate.shape);
        if (isTaken && StrideOf(gate, up) is { } stride && TryGate("gateBackward", activation, gate, up, gradient, stride))
            return gradient.alias();
        return base.GateBackward(activation, gate, up, gradient);
    }

    private bool TryGate(string name, Activation activation, Tensor gate, Tensor up, Tensor contiguous, long stride)
    {
        var count = gate.NumberOfElements;
        if (count == 0)
            return true;
        var width = gate.shape[^1];
        var pack = PackOf([gate, up, contiguous], width, stride);
        var packs = count / pack;
        var isLaunched =
            packs < MostPieces
            && launcher.Launch(
                Variant(name, activation, gate, pack, width),
                GridOf(packs, 1),
                At(gate),
                At(up),
                At(contiguous),
                stride,
                packs
            );
        KeepAlive(gate, up, contiguous);
        return isLaunched;
    }

    private static KernelVariant Variant(string name, Activation activation, Tensor x, int pack, long width) =>
        new("Activation", name, $"TYPE={NameOf(x.dtype)} PACK={pack} KIND={(int)activation} WIDTH={width}");

    // How far rows of both stand apart; null where no single number says that.
    private static long? StrideOf(Tensor gate, Tensor up)
    {
        if (!IsNamed(gate.dtype) || up.dtype != gate.dtype || !up.shape.AsSpan().SequenceEqual(gate.shape))
            return null;
        var stride = StrideOf(gate);
        return stride == StrideOf(up) ? stride : null;
    }

    private static long? StrideOf(Tensor tensor)
    {
        var (shape, strides) = (tensor.shape, tensor.stride());
        if (shape.Length == 0 || (shape[^1] > 1 && strides[^1] != 1))
            return null;
        // From the inside out: what the next dimension's stride must be.
        long? stride = null;
        long next = 0;
        for (var dimension = shape.Length - 2; dimension >= 0; dimension--)
        {
            if (shape[dimension] == 1)
                continue;
            if (stride is null)
                next = strides[dimension];
            else if (strides[dimension] != next)
                return null;
            stride ??= strides[dimension];
            next *= shape[dimension];
        }

        return stride ?? shape[^1];
    }
}
