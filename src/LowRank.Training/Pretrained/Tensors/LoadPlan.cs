using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>What is read for a tensor of the layout: the tensor itself, or the two factors that were kept in its place.</summary>
/// <param name="Tensor">The tensor of the layout.</param>
/// <param name="IsInFactors">Whether the checkpoint holds its factors.</param>
internal sealed record PlannedTensor(FileTensor Tensor, bool IsInFactors);

/// <summary>Holds a checkpoint's tensors against those that a model needs, before any is read.</summary>
internal static class LoadPlan
{
    private static readonly Dictionary<string, int> BytesOfType = new(StringComparer.Ordinal)
    {
        ["F32"] = 4,
        ["BF16"] = 2,
        ["F16"] = 2,
    };

    /// <summary>What to read.</summary>
    /// <param name="folder">The checkpoint.</param>
    /// <param name="layout">What the model needs.</param>
    /// <param name="mismatch">Takes up all that doesn't fit.</param>
    public static IReadOnlyList<PlannedTensor> Make(TensorFolder folder, TensorLayout layout, PretrainedMismatch mismatch)
    {
        var plan = new List<PlannedTensor>();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in layout.Tensors)
        {
            var inFactors =
                !folder.Tensors.ContainsKey(tensor.Name)
                && folder.Tensors.ContainsKey(tensor.NameOfU)
                && folder.Tensors.ContainsKey(tensor.NameOfV);
            plan.Add(new PlannedTensor(tensor, inFactors));
            if (inFactors)
            {
                expected.Add(tensor.NameOfU);
                expected.Add(tensor.NameOfV);
                CheckFactors(folder, tensor, mismatch);
                continue;
            }

            expected.Add(tensor.Name);
            if (!folder.Tensors.TryGetValue(tensor.Name, out var stored))
                mismatch.Missing.Add(new MissingTensor(tensor.Name, tensor.Shape));
            else
                Check(tensor.Name, tensor.Shape, stored, mismatch);
        }

        // A tied head may be in the file once more; whether it is the same is seen when it is read.
        expected.Add(layout.HeadName);
        foreach (var (name, stored) in folder.Tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!expected.Contains(name) && !layout.IsIgnored(name))
                mismatch.Unexpected.Add(new UnexpectedTensor(name, stored.Entry.Type, stored.Entry.Shape));
        }

        return plan;
    }

    private static void Check(string name, long[] shape, StoredTensor stored, PretrainedMismatch mismatch)
    {
        var entry = stored.Entry;
        if (!entry.Shape.SequenceEqual(shape))
            mismatch.Misshapen.Add(new MisshapenTensor(name, shape, entry.Shape));
        if (!BytesOfType.TryGetValue(entry.Type, out var size))
            mismatch.Unreadable.Add(new UnreadableTensor(name, entry.Type));
        else if (entry.Shape.SequenceEqual(shape) && entry.Bytes != shape.Aggregate((long)size, (product, length) => product * length))
            mismatch.Others.Add(
                $"{Path.GetFileName(stored.File)} is damaged: it gives {name} {entry.Bytes} bytes, which is not the size of its shape"
            );
    }

    // Any rank will do: factors of the model's own rank are taken over, others become the product first.
    private static void CheckFactors(TensorFolder folder, FileTensor tensor, PretrainedMismatch mismatch)
    {
        var (u, v) = (folder.Tensors[tensor.NameOfU], folder.Tensors[tensor.NameOfV]);
        var (outputs, inputs) = (tensor.Parts.Sum(part => part.Shape[0]), tensor.Parts[0].Shape[^1]);
        var rank = u.Entry.Shape is [_, var columns] ? columns : 0;
        Check(tensor.NameOfU, [outputs, rank], u, mismatch);
        Check(tensor.NameOfV, [rank, inputs], v, mismatch);
    }
}
