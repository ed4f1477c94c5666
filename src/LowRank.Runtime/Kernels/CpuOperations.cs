using System.Buffers;
using LowRank.Costs;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>The operations by kernels over the CPU's memory, for dense tensors of 32-bit floats and bfloat16.</summary>
internal sealed unsafe class CpuOperations : TensorOperations
{
    /// <inheritdoc/>
    public override Tensor Normalize(in NormParameters norm, Tensor x, ScalarType outputType, out Tensor statistics) =>
        CpuNorm.Takes(norm, x, outputType)
            ? CpuNorm.Forward(norm, x, addend: null, sum: null, outputType, out statistics)
            : base.Normalize(norm, x, outputType, out statistics);

    /// <inheritdoc/>
    public override Tensor AddAndNormalize(
        in NormParameters norm,
        Tensor stream,
        Tensor addend,
        ScalarType outputType,
        out Tensor sum,
        out Tensor statistics
    )
    {
        if (!CpuNorm.Takes(norm, stream, outputType) || !TensorMemory.IsFusable(addend))
            return base.AddAndNormalize(norm, stream, addend, outputType, out sum, out statistics);
        sum = addend.dtype == stream.dtype ? addend.alias() : ActivationMemory.EmptyLike(stream);
        return CpuNorm.Forward(norm, stream, addend, sum, outputType, out statistics);
    }

    /// <inheritdoc/>
    public override void NormalizeBackward(
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
        if (
            !CpuNorm.Takes(norm, x, upstream.dtype)
            || !TensorMemory.IsFusable(into)
            || rounded is not (null or { dtype: ScalarType.BFloat16 })
        )
        {
            base.NormalizeBackward(norm, x, statistics, upstream, into, gainGradient, biasGradient, rounded);
            return;
        }

        using var gradient = upstream.contiguous();
        CpuNorm.Backward(norm, x, statistics, gradient, into, gainGradient, biasGradient, rounded);
    }

    /// <inheritdoc/>
    public override void Rotate(Tensor heads, in RotaryAngles angles, long firstPosition, long count, int sign)
    {
        if (!TensorMemory.IsFusable(heads) || angles.Cosine.dtype != ScalarType.Float32)
        {
            base.Rotate(heads, angles, firstPosition, count, sign);
            return;
        }

        var shape = heads.shape;
        var rows = new RotaryKernel.HeadShape(shape[0] * shape[1], shape[1], shape[2], count, shape[3], angles.Size);
        var offset = firstPosition * (angles.Size / 2);
        var cos = (float*)TensorMemory.Address(angles.Cosine) + offset;
        var sin = (float*)TensorMemory.Address(angles.Sine) + offset;
        if (heads.dtype == ScalarType.Float32)
            RotaryKernel.Rotate<Float32Element>(TensorMemory.Address(heads), cos, sin, rows, sign);
        else
            RotaryKernel.Rotate<BFloat16Element>(TensorMemory.Address(heads), cos, sin, rows, sign);
    }

    /// <inheritdoc/>
    public override Tensor Activate(Activation activation, Tensor x)
    {
        if (!TensorMemory.IsFusable(x) || x.NumberOfElements == 0)
            return base.Activate(activation, x);
        var output = ActivationMemory.EmptyLike(x);
        CpuActivation.Forward(activation, x, up: null, output);
        return output;
    }

    /// <inheritdoc/>
    public override Tensor ActivateBackward(Activation activation, Tensor x, Tensor gradient)
    {
        if (!TensorMemory.IsFusable(x) || !TensorMemory.IsFusable(gradient) || x.NumberOfElements == 0)
            return base.ActivateBackward(activation, x, gradient);
        CpuActivation.Backward(activation, x, gradient);
        return gradient.alias();
    }

    /// <inheritdoc/>
    public override Tensor Gate(Activation activation, Tensor gate, Tensor up)
    {
        if (!TensorMemory.IsFusable(gate) || !TensorMemory.IsFusable(up) || gate.NumberOfElements == 0)
            return base.Gate(activation, gate, up);
        var output = ActivationMemory.EmptyLike(gate);
        CpuActivation.Forward(activation, gate, up, output);
        return output;
    }

    /// <inheritdoc/>
    public override bool ReadsHalves => false;

    /// <inheritdoc/>
    public override Tensor GateBackward(Activation activation, Tensor gate, Tensor up, Tensor gradient)
    {
        if (!TensorMemory.IsFusable(gate) || !TensorMemory.IsFusable(up) || !TensorMemory.IsFusable(gradient) || gate.NumberOfElements == 0)
            return base.GateBackward(activation, gate, up, gradient);
        CpuActivation.BackwardGated(activation, gate, up, gradient);
        return gradient.alias();
    }

    /// <inheritdoc/>
    public override Tensor Linear(Tensor rows, Tensor weight, Tensor? bias)
    {
        var output = ActivationMemory.Empty([rows.shape[0], weight.shape[0]], rows.dtype, rows.device);
        using var transposed = weight.t();
        return bias is null ? output.addmm_(rows, transposed, 0, 1) : output.copy_(bias).addmm_(rows, transposed, 1, 1);
    }

    /// <inheritdoc/>
    public override long RowsOfLogits(int vocabulary) => WorkingMemory.ChunkRows(vocabulary);

    /// <inheritdoc/>
    public override void CrossEntropy(Tensor logits, Tensor targets, Tensor total, double? scale, in LogitForm form)
    {
        if (!TensorMemory.IsFusable(logits) || !targets.is_contiguous() || logits.shape[0] == 0)
        {
            base.CrossEntropy(logits, targets, total, scale, form);
            return;
        }

        var (rows, width) = (logits.shape[0], logits.shape[1]);
        var ids = (long*)TensorMemory.Address(targets);
        for (long row = 0; row < rows; row++)
        {
            if (ids[row] != IFusedOperations.IgnoredTarget && (ids[row] < 0 || ids[row] >= width))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(targets),
                    ids[row],
                    $"A target has to be from 0 to {width - 1}, or {IFusedOperations.IgnoredTarget}, which is ignored."
                );
            }
        }

        var losses = ArrayPool<double>.Shared.Rent((int)rows);
        fixed (double* places = losses)
        {
            if (logits.dtype == ScalarType.Float32)
                CrossEntropyKernel.Run<Float32Element>(TensorMemory.Address(logits), ids, places, rows, width, scale, form);
            else
                CrossEntropyKernel.Run<BFloat16Element>(TensorMemory.Address(logits), ids, places, rows, width, scale, form);
        }

        var sum = 0.0;
        for (var row = 0; row < rows; row++)
            sum += losses[row];
        ArrayPool<double>.Shared.Return(losses);
        total.AddInPlace(sum);
    }

    /// <inheritdoc/>
    public override void Add(Tensor sum, Tensor addend)
    {
        if (
            sum.dtype == ScalarType.Float32
            && addend.dtype == ScalarType.BFloat16
            && TensorMemory.IsFusable(sum)
            && TensorMemory.IsFusable(addend)
        )
            MixedAdditionKernel.Add((float*)TensorMemory.Address(sum), TensorMemory.Address(addend), sum.NumberOfElements);
        else
            base.Add(sum, addend);
    }

    /// <inheritdoc/>
    public override void Blend(Tensor effective, Tensor guide, double alpha, Tensor product, Tensor? copy)
    {
        if (
            effective.dtype != ScalarType.Float32
            || guide.dtype != ScalarType.Float32
            || product.dtype != ScalarType.BFloat16
            || copy is not (null or { dtype: ScalarType.BFloat16 })
            || !TensorMemory.IsFusable(effective)
            || !TensorMemory.IsFusable(guide)
        )
        {
            base.Blend(effective, guide, alpha, product, copy);
            return;
        }

        BlendKernel.Run(
            (float*)TensorMemory.Address(effective),
            (float*)TensorMemory.Address(guide),
            (float)alpha,
            TensorMemory.Address(product),
            copy is null ? null : TensorMemory.Address(copy),
            effective.NumberOfElements
        );
    }

    /// <inheritdoc/>
    public override void Scale(Tensor values, Tensor factor)
    {
        // Known without waiting, and mostly 1.
        if (factor.item<double>() != 1)
            base.Scale(values, factor);
    }

    /// <inheritdoc/>
    public override Tensor Norm(IReadOnlyList<Tensor> tensors) =>
        tensors.All(tensor => tensor.dtype == ScalarType.Float32 && TensorMemory.IsFusable(tensor))
            ? tensor(Math.Sqrt(AdamWKernel.SumOfSquares(tensors)), ScalarType.Float64)
            : base.Norm(tensors);

    /// <inheritdoc/>
    public override void AdamW(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, Tensor clip)
    {
        if (all.All(buffers => buffers.Values.dtype == ScalarType.Float32 && TensorMemory.IsFusable(buffers.Values)))
            AdamWKernel.Update(all, constants, (float)clip.item<double>());
        else
            base.AdamW(all, constants, clip);
    }
}
