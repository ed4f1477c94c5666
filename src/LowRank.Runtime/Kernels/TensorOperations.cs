using LowRank.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// The operations by libtorch: any device, any floating type. What a backward pass needs is computed again, and differentiated by
/// autograd.
/// </summary>
internal class TensorOperations : IFusedOperations
{
    // Chunks of the CPU that are one on a device: 64 million logits, a quarter of a gigabyte in single precision.
    private const int ChunksAtOnce = 16;

    /// <inheritdoc/>
    public virtual Tensor Normalize(in NormParameters norm, Tensor x, ScalarType outputType, out Tensor statistics)
    {
        using var noGradient = no_grad();
        statistics = empty(0, norm.Gain.dtype, x.device);
        return NormFormula.Apply(norm, x, outputType);
    }

    /// <inheritdoc/>
    public virtual Tensor AddAndNormalize(
        in NormParameters norm,
        Tensor stream,
        Tensor addend,
        ScalarType outputType,
        out Tensor sum,
        out Tensor statistics
    )
    {
        using (no_grad())
            sum = addend.dtype == stream.dtype ? addend.AddInPlace(stream).alias() : stream.Plus(addend);
        return Normalize(norm, sum, outputType, out statistics);
    }

    /// <inheritdoc/>
    public virtual void NormalizeBackward(
        in NormParameters norm,
        Tensor x,
        Tensor statistics,
        Tensor upstream,
        Tensor into,
        Tensor? gainGradient,
        Tensor? biasGradient,
        Tensor? rounded
    )
    {
        using var noGradient = no_grad();
        using var input = Leaf(x, isWanted: true);
        using var gain = Leaf(norm.Gain, gainGradient is not null);
        using var bias = norm.Bias is null ? null : Leaf(norm.Bias, biasGradient is not null);
        using (enable_grad())
        {
            using var output = NormFormula.Apply(norm with { Gain = gain, Bias = bias }, input, upstream.dtype);
            output.backward([upstream]);
        }

        AddGradient(into, input);
        if (gainGradient is not null)
            AddGradient(gainGradient, gain);
        if (biasGradient is not null && bias is not null)
            AddGradient(biasGradient, bias);
        rounded?.copy_(into);
    }

    /// <inheritdoc/>
    public virtual void Rotate(Tensor heads, in RotaryAngles angles, long firstPosition, long count, int sign)
    {
        using var noGradient = no_grad();
        using var place = heads.narrow(2, 0, count);
        using var turned = RotaryFormula.Turn(place, angles, firstPosition, sign);
        place.copy_(turned);
    }

    /// <inheritdoc/>
    public virtual Tensor Activate(Activation activation, Tensor x)
    {
        using var noGradient = no_grad();
        return ActivationFormula.Apply(activation, x);
    }

    /// <inheritdoc/>
    public virtual Tensor ActivateBackward(Activation activation, Tensor x, Tensor gradient)
    {
        using var input = Leaf(x, isWanted: true);
        using (enable_grad())
        {
            using var output = ActivationFormula.Apply(activation, input);
            output.backward([gradient]);
        }

        return input.grad!;
    }

    /// <inheritdoc/>
    public virtual Tensor Gate(Activation activation, Tensor gate, Tensor up)
    {
        using var activated = Activate(activation, gate);
        return activated.mul(up);
    }

    /// <inheritdoc/>
    public virtual bool ReadsHalves => true;

    /// <inheritdoc/>
    public virtual Tensor GateBackward(Activation activation, Tensor gate, Tensor up, Tensor gradient)
    {
        using var noGradient = no_grad();
        using var activated = Activate(activation, gate);
        var output = activated.mul(up);
        using (var activatedGradient = gradient.mul(up))
        using (var gateGradient = ActivateBackward(activation, gate, activatedGradient))
            gate.copy_(gateGradient);
        using (var upGradient = gradient.mul(activated))
            up.copy_(upGradient);
        return output;
    }

    /// <inheritdoc/>
    public virtual Tensor Linear(Tensor rows, Tensor weight, Tensor? bias)
    {
        using var noGradient = no_grad();
        return nn.functional.linear(rows, weight, bias);
    }

    /// <inheritdoc/>
    public virtual long RowsOfLogits(int vocabulary) => WorkingMemory.ChunkRows(vocabulary) * ChunksAtOnce;

    /// <inheritdoc/>
    public virtual void CrossEntropy(Tensor logits, Tensor targets, Tensor total, double? scale, in LogitForm form)
    {
        using var noGradient = no_grad();
        using var products = logits.dtype is ScalarType.Float32 or ScalarType.Float64 ? logits.alias() : logits.to(ScalarType.Float32);
        using var exact = form.Apply(products);
        using var normalizer = exact.logsumexp(1, keepdim: true);
        using var isIgnored = targets.IsEqualTo(IFusedOperations.IgnoredTarget);
        using var wanted = targets.ClearedWhere(isIgnored);
        using var picked = exact.gather(1, wanted);
        using var difference = normalizer.sub(picked);
        using var loss = difference.ClearedWhere(isIgnored);
        using var sum = loss.sum(ScalarType.Float64);
        total.AddInPlace(sum);
        if (scale is not { } factor)
            return;
        using var slope = form.IsPlain ? null : form.Slope(exact);
        // ∂loss/∂logits = softmax − one-hot.
        using var minusOne = ones(1, 1, exact.dtype, exact.device).neg_();
        using var spread = minusOne.expand(logits.shape[0], 1);
        exact.sub_(normalizer).exp_().scatter_add_(1, wanted, spread).MultiplyInPlace(factor);
        if (slope is not null)
            exact.mul_(slope);
        // Not a multiplication by 0, which would leave a NaN of the logits.
        exact.ClearInPlace(isIgnored);
        if (slope is not null || exact.dtype != logits.dtype)
            logits.copy_(exact);
    }

    /// <inheritdoc/>
    public virtual void Add(Tensor sum, Tensor addend) => sum.AddInPlace(addend);

    /// <inheritdoc/>
    public virtual void Blend(Tensor effective, Tensor guide, double alpha, Tensor product, Tensor? copy)
    {
        using var noGradient = no_grad();
        effective.copy_(guide).MultiplyInPlace(alpha).AddInPlace(product);
        copy?.copy_(effective);
    }

    /// <inheritdoc/>
    public virtual void Scale(Tensor values, Tensor factor) => values.mul_(factor);

    /// <inheritdoc/>
    public virtual Tensor Norm(IReadOnlyList<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        // One reduction for each, without a temporary of its size; the sums are added in double precision.
        var norms = tensors.Select(tensor => tensor.norm().to(ScalarType.Float64)).ToArray();
        return stack(norms).norm().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual void AdamW(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, Tensor clip)
    {
        if (
            all.All(buffers => buffers.Values.device_type == DeviceType.CUDA && buffers.Values.dtype == ScalarType.Float32)
            && FusedAdamW.Shared.Update(all, constants, clip)
        )
            return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        foreach (var buffers in all)
        {
            var (values, gradients, first, second, copy, updates) = buffers;
            var correction1 = 1 - Math.Pow(constants.Beta1, updates);
            var correction2 = 1 - Math.Pow(constants.Beta2, updates);
            gradients.mul_(clip);
            first.MultiplyInPlace(constants.Beta1).AddInPlace(gradients, 1 - constants.Beta1);
            second.MultiplyInPlace(constants.Beta2).AddProductInPlace(gradients, gradients, 1 - constants.Beta2);
            // The gradients' memory is free from here on and saves a temporary of its size.
            var denominator = gradients.copy_(second).DivideInPlace(correction2).sqrt_().AddInPlace(constants.Epsilon);
            values.MultiplyInPlace(1 - constants.LearningRate * constants.WeightDecay);
            values.AddQuotientInPlace(first, denominator, -constants.LearningRate / correction1);
            gradients.zero_();
            copy?.copy_(values);
        }
    }

    private static Tensor Leaf(Tensor tensor, bool isWanted)
    {
        var leaf = tensor.detach();
        leaf.requires_grad = isWanted;
        return leaf;
    }

    private static void AddGradient(Tensor sum, Tensor leaf)
    {
        using var gradient = leaf.grad;
        if (gradient is not null)
            sum.AddInPlace(gradient);
    }
}
