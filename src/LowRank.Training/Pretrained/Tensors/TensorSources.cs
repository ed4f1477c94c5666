using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Training.SafeTensors;
using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>Makes the tensors of a file from the weights of a model, each when its turn comes.</summary>
internal static class TensorSources
{
    /// <summary>The tensor, or its two factors where they are kept.</summary>
    public static IEnumerable<SafeTensorSource> Of(FileTensor tensor, ExportOptions options, CancellationToken stop)
    {
        if (options.KeepFactors && tensor.Factors is { } factors)
        {
            var (u, v) = (factors.Layer.U, factors.Layer.V);
            // With a residual folded in: whoever reads the file knows of none.
            yield return Source(tensor.NameOfU, u.shape, () => InFile(Folded(factors.Layer), tensor), options.Precision, stop);
            yield return Source(tensor.NameOfV, v.shape, () => v.detach(), options.Precision, stop);
            yield break;
        }

        yield return Source(tensor.Name, tensor.Shape, () => Join(tensor), options.Precision, stop);
    }

    private static Tensor Folded(LowRankLinear layer)
    {
        using var folded = layer.FoldedU();
        return folded.detach();
    }

    /// <summary>A tensor in a precision, made when its turn comes.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="make">Makes it, in any floating type; what it makes is disposed.</param>
    /// <param name="precision">The type that it is written in.</param>
    /// <param name="stop">Ends the work before it.</param>
    public static SafeTensorSource Source(
        string name,
        long[] shape,
        Func<Tensor> make,
        WeightPrecision precision,
        CancellationToken stop
    ) =>
        new(
            name,
            precision.ScalarType(),
            shape,
            () =>
            {
                stop.ThrowIfCancellationRequested();
                using var noGradient = no_grad();
                using var made = make();
                var cast = made.to(precision.ScalarType());
                if (precision == WeightPrecision.Fp16 && Finite(made) && !Finite(cast))
                {
                    cast.Dispose();
                    throw InputException.Naming(
                        $"'{name}' holds values above 65,504, which fp16 can't; use {new OptionName(nameof(ExportOptions.Precision))} bf16 or fp32."
                    );
                }

                // A view must not be disposed in place of what the model owns.
                return ReferenceEquals(cast, made) ? made.alias() : cast;
            }
        );

    private static Tensor Join(FileTensor tensor)
    {
        using var noGradient = no_grad();
        Tensor[] parts = [.. tensor.Parts.Select(part => part.Read())];
        using var joined = InFile(parts.Length == 1 ? parts[0].alias() : cat(parts, 0), tensor);
        foreach (var part in parts)
            part.Dispose();
        if (tensor.Shift != 0)
            return joined.Plus(-tensor.Shift);
        return tensor.Transposed ? joined.t() : joined.alias();
    }

    // Takes the tensor over.
    private static Tensor InFile(Tensor rows, FileTensor tensor)
    {
        if (tensor.Order is not { } order)
            return rows;
        using (rows)
            return order.Value.ToFile(rows);
    }

    private static bool Finite(Tensor values)
    {
        using var finite = values.isfinite();
        using var all = finite.all();
        return all.item<bool>();
    }
}
