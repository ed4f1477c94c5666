using System.Buffers;
using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Evaluation;

/// <summary>The cross-entropy of rows of logits and its gradient: fused on the CPU, in tensor operations elsewhere.</summary>
internal static class RowLoss
{
    /// <summary>Adds the rows' losses to a total and, where a scale is given, writes the gradient over the logits.</summary>
    /// <param name="logits"><c>[rows, vocabulary]</c>.</param>
    /// <param name="targets">Int64 <c>[rows, 1]</c>.</param>
    /// <param name="total">Float64 <c>[1]</c>.</param>
    /// <param name="scale">What the gradient is multiplied by.</param>
    public static void Add(Tensor logits, Tensor targets, Tensor total, double? scale)
    {
        if (TensorMemory.IsFusable(logits) && targets.is_contiguous() && logits.shape[0] > 0)
            AddFused(logits, targets, total, scale);
        else
            AddByTensors(logits, targets, total, scale);
    }

    private static unsafe void AddFused(Tensor logits, Tensor targets, Tensor total, double? scale)
    {
        var (rows, width) = (logits.shape[0], logits.shape[1]);
        var ids = (long*)TensorMemory.Address(targets);
        for (long row = 0; row < rows; row++)
        {
            if (ids[row] < 0 || ids[row] >= width)
                throw new ArgumentOutOfRangeException(nameof(targets), ids[row], $"A target has to be from 0 to {width - 1}.");
        }

        var losses = ArrayPool<double>.Shared.Rent((int)rows);
        fixed (double* places = losses)
        {
            if (logits.dtype == ScalarType.Float32)
                CrossEntropyKernel.Run<Float32Element>(TensorMemory.Address(logits), ids, places, rows, width, scale);
            else
                CrossEntropyKernel.Run<BFloat16Element>(TensorMemory.Address(logits), ids, places, rows, width, scale);
        }

        var sum = 0.0;
        for (var row = 0; row < rows; row++)
            sum += losses[row];
        ArrayPool<double>.Shared.Return(losses);
        total.AddInPlace(sum);
    }

    private static void AddByTensors(Tensor logits, Tensor targets, Tensor total, double? scale)
    {
        using var exact = logits.dtype is ScalarType.Float32 or ScalarType.Float64 ? logits.alias() : logits.to(ScalarType.Float32);
        using var normalizer = exact.logsumexp(1, keepdim: true);
        using var picked = exact.gather(1, targets);
        using var loss = normalizer.sub(picked);
        using var sum = loss.sum(ScalarType.Float64);
        total.AddInPlace(sum);
        if (scale is not { } factor)
            return;
        // ∂loss/∂logits = softmax − one-hot.
        using var minusOne = ones(1, 1, exact.dtype, exact.device).neg_();
        using var spread = minusOne.expand(logits.shape[0], 1);
        exact.sub_(normalizer).exp_().scatter_add_(1, targets, spread).MultiplyInPlace(factor);
        if (exact.dtype != logits.dtype)
            logits.copy_(exact);
    }
}
