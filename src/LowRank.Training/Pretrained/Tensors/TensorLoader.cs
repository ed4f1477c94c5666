using LowRank.Kernels;
using LowRank.Training.SafeTensors;
using LowRank.Training.Weights;
using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>Reads the tensors of a plan into the weights that they are made of, one after the other.</summary>
internal static class TensorLoader
{
    /// <summary>Reads them.</summary>
    /// <returns>What became factors.</returns>
    /// <exception cref="InputException">A tensor can't be read, or holds what is infinite or no number.</exception>
    public static IReadOnlyList<FactoredWeight> Load(
        TensorFolder folder,
        IReadOnlyList<PlannedTensor> plan,
        FactoringOptions options,
        CancellationToken stop
    )
    {
        var factored = new List<FactoredWeight>();
        using var noGradient = no_grad();
        foreach (var (tensor, isInFactors) in plan)
        {
            stop.ThrowIfCancellationRequested();
            if (isInFactors && tensor.Factors is { } factors && factors.Layer.Rank == folder.Tensors[tensor.NameOfU].Entry.Shape[1])
            {
                using var rowsOfU = Scaled(folder.Read(tensor.NameOfU), tensor);
                using var u = Rows(rowsOfU, tensor, 0, rowsOfU.shape[0]);
                using var v = folder.Read(tensor.NameOfV);
                factors.LoadFactors(u, v);
                continue;
            }

            using var full = Scaled(isInFactors ? Product(folder, tensor) : Oriented(folder.Read(tensor.Name), tensor), tensor);
            long first = 0;
            foreach (var part in tensor.Parts)
            {
                using var rows = Rows(full, tensor, first, part.Shape[0]);
                if (part.Load(rows, options) is { } lost)
                    factored.Add(lost);
                first += part.Shape[0];
            }
        }

        return factored;
    }

    private static Tensor Rows(Tensor full, FileTensor tensor, long first, long count) =>
        tensor.Order is { } order ? order.Value.FromFile(full, first, count) : full.narrow(0, first, count);

    // Takes the tensor over.
    private static Tensor Scaled(Tensor full, FileTensor tensor)
    {
        if (tensor.Scale == 1)
            return full;
        using (full)
        {
            using var exact = full.to(ScalarType.Float32);
            return exact.Times(tensor.Scale);
        }
    }

    private static Tensor Product(TensorFolder folder, FileTensor tensor)
    {
        using var storedU = folder.Read(tensor.NameOfU);
        using var storedV = folder.Read(tensor.NameOfV);
        using var u = storedU.to(ScalarType.Float32);
        using var v = storedV.to(ScalarType.Float32);
        var product = FactorsWeight.Product(u, v);
        // Finite factors may still have a product that is too large.
        FiniteWeights.Check(product, tensor.Name, folder.Path, "Import it into a model that declares factors of this rank there.");
        return product;
    }

    private static Tensor Oriented(Tensor stored, FileTensor tensor)
    {
        if (tensor is { Transposed: false, Shift: 0 })
            return stored;
        using (stored)
        {
            if (tensor.Transposed)
                return stored.t();
            // In 32 bits: the sum has more digits than what is stored.
            using var exact = stored.to(ScalarType.Float32);
            return exact.Plus(tensor.Shift);
        }
    }
}
