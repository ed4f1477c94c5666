using static TorchSharp.torch;

namespace LowRank.Training.Pretrained;

/// <summary>Reads the tensors of a plan into the weights that they are made of, one after the other.</summary>
internal static class TensorLoader
{
    /// <summary>Reads them.</summary>
    /// <returns>What became factors.</returns>
    /// <exception cref="InputException">A tensor can't be read, or holds no numbers where it has to be factored.</exception>
    public static IReadOnlyList<FactoredWeight> Load(TensorFolder folder, IReadOnlyList<PlannedTensor> plan, FactoringOptions options, CancellationToken stop)
    {
        var factored = new List<FactoredWeight>();
        using var noGradient = no_grad();
        foreach (var (tensor, isInFactors) in plan)
        {
            stop.ThrowIfCancellationRequested();
            if (isInFactors && tensor.Factors is { } factors && factors.Layer.Rank == folder.Tensors[tensor.NameOfU].Entry.Shape[1])
            {
                using var u = folder.Read(tensor.NameOfU);
                using var v = folder.Read(tensor.NameOfV);
                factors.LoadFactors(u, v);
                continue;
            }

            using var full = isInFactors ? Product(folder, tensor) : Oriented(folder.Read(tensor.Name), tensor.Transposed);
            if (tensor.IsFactored)
                RefuseInfinite(tensor.Name, full);
            long first = 0;
            foreach (var part in tensor.Parts)
            {
                using var rows = full.narrow(0, first, part.Shape[0]);
                if (part.Load(rows, options) is { } lost)
                    factored.Add(lost);
                first += part.Shape[0];
            }
        }

        return factored;
    }

    private static Tensor Product(TensorFolder folder, FileTensor tensor)
    {
        using var storedU = folder.Read(tensor.NameOfU);
        using var storedV = folder.Read(tensor.NameOfV);
        using var u = storedU.to(ScalarType.Float32);
        using var v = storedV.to(ScalarType.Float32);
        return FactorsWeight.Product(u, v);
    }

    private static Tensor Oriented(Tensor stored, bool transposed)
    {
        if (!transposed)
            return stored;
        using (stored)
            return stored.t();
    }

    private static void RefuseInfinite(string name, Tensor values)
    {
        using var finite = values.isfinite();
        using var all = finite.all();
        if (!all.item<bool>())
            throw new InputException($"'{name}' holds values that are infinite or no numbers, and has no singular values; the checkpoint is damaged or its training diverged.");
    }
}
