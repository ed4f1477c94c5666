using LowRank.Cuda;
using static TorchSharp.torch;

namespace LowRank.Kernels;

// The loss, and what the optimizer does.
internal sealed unsafe partial class CudaOperations
{
    private const int SumThreads = 512;

    /// <inheritdoc/>
    public override void CrossEntropy(Tensor logits, Tensor targets, Tensor total, double? scale, in LogitForm form)
    {
        var (rows, vocabulary) = (logits.shape[0], logits.shape[1]);
        var isTaken = IsDense(logits) && targets.is_contiguous() && targets.dtype == ScalarType.Int64 && total.dtype == ScalarType.Float64;
        if (!isTaken || !form.IsPlain || rows == 0 || vocabulary > MostPieces)
        {
            base.CrossEntropy(logits, targets, total, scale, form);
            return;
        }

        var pack = 16 / logits.ElementSize;
        // Four packs a thread, as far as that makes a block; at least two warps, whose barriers part reading from writing.
        var threads = (int)Math.Clamp(Pieces(vocabulary, pack * 4 * 32) * 32, 64, 512);
        var isAligned = vocabulary % pack == 0 && AreAligned((int)pack, [logits]);
        var constants =
            $"TYPE={NameOf(logits.dtype)} VOCABULARY={vocabulary} GRADIENT={Flag(scale is not null)} ALIGNED={Flag(isAligned)} THREADS={threads}";
        using var losses = Allocate([rows], ScalarType.Float64, logits.device);
        var isLaunched = launcher.Launch(
            new KernelVariant("CrossEntropy", "crossEntropy", constants),
            new KernelGrid(rows, threads),
            At(logits),
            At(targets),
            At(losses),
            (float)(scale ?? 0)
        );
        KeepAlive(logits, targets);
        if (!isLaunched)
            base.CrossEntropy(logits, targets, total, scale, form);
        else if (!TrySum("addSum", losses, total))
        {
            // The gradient is there already: only the total is left to libtorch.
            using var sum = losses.sum();
            total.AddInPlace(sum);
        }
    }

    /// <inheritdoc/>
    public override Tensor Norm(IReadOnlyList<Tensor> tensors)
    {
        if (tensors.Count == 0 || !tensors.All(IsDense))
            return base.Norm(tensors);
        var blocks = tensors.Select(tensor => SumBlocks(tensor, PackOf([tensor]))).ToArray();
        using var partial = Allocate([Math.Max(1, blocks.Sum())], ScalarType.Float64, tensors[0].device);
        long first = 0;
        for (var index = 0; index < tensors.Count; index++)
        {
            var tensor = tensors[index];
            if (blocks[index] == 0)
                continue;
            using var place = partial.narrow(0, first, blocks[index]);
            first += blocks[index];
            var isLaunched = launcher.Launch(
                new KernelVariant("Sums", "sumOfSquares", $"TYPE={NameOf(tensor.dtype)} PACK={PackOf([tensor])}"),
                new KernelGrid(blocks[index], SumThreads),
                At(tensor),
                At(place),
                tensor.NumberOfElements
            );
            KeepAlive(tensor, place);
            if (!isLaunched)
                return base.Norm(tensors);
        }

        var root = Allocate([], ScalarType.Float64, partial.device);
        using var used = partial.narrow(0, 0, first);
        if (TrySum("rootOfSum", used, root))
            return root;
        using (root)
        using (var sum = used.sum())
            return sum.sqrt();
    }

    /// <inheritdoc/>
    public override void AdamW(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, Tensor clip)
    {
        foreach (var buffers in all)
        {
            if (!TryUpdate(buffers, constants, clip))
                base.AdamW([buffers], constants, clip);
        }
    }

    // Four accesses a thread, until all multiprocessors are busy.
    private long SumBlocks(Tensor tensor, int pack) =>
        Math.Min(Pieces(tensor.NumberOfElements, (long)SumThreads * pack * 4), 2 * ThreadsAtOnce / SumThreads);

    private bool TrySum(string kernel, Tensor values, Tensor into)
    {
        var isLaunched = launcher.Launch(
            new KernelVariant("Sums", kernel, "TYPE=float PACK=4"),
            new KernelGrid(1, SumThreads),
            At(values),
            At(into),
            values.NumberOfElements
        );
        KeepAlive(values, into);
        return isLaunched;
    }

    private bool TryUpdate(in AdamWBuffers buffers, in AdamWConstants constants, Tensor clip)
    {
        var (values, gradients, first, second, copy, updates) = buffers;
        var isTaken = IsFloat(values) && IsFloat(gradients) && IsFloat(first) && IsFloat(second) && clip.dtype == ScalarType.Float64;
        isTaken &= copy is null || (copy.dtype == ScalarType.BFloat16 && copy.is_contiguous());
        if (!isTaken)
            return false;
        var count = values.NumberOfElements;
        if (count == 0)
            return true;
        var pack = PackOf([values, gradients, first, second, copy]);
        var isLaunched = launcher.Launch(
            new KernelVariant("AdamW", "adamW", $"PACK={pack} COPIES={Flag(copy is not null)}"),
            GridOf(count, pack),
            At(values),
            At(gradients),
            At(first),
            At(second),
            At(copy),
            At(clip),
            (float)constants.Beta1,
            (float)(1 - constants.Beta1),
            (float)constants.Beta2,
            (float)(1 - constants.Beta2),
            (float)(1 - constants.LearningRate * constants.WeightDecay),
            (float)(constants.LearningRate / (1 - Math.Pow(constants.Beta1, updates))),
            (float)(1 / Math.Sqrt(1 - Math.Pow(constants.Beta2, updates))),
            (float)constants.Epsilon,
            count
        );
        KeepAlive(values, gradients, first, second, copy, clip);
        return isLaunched;
    }
}
