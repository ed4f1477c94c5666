using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>Some libraries write a tied head a second time. One that differs from the embedding belongs to an untied model.</summary>
internal static class TiedHead
{
    /// <summary>Whether the checkpoint has no head of its own, or one that is the embedding.</summary>
    public static bool IsEmbedding(TensorFolder folder, TensorLayout layout)
    {
        if (!folder.Tensors.TryGetValue(layout.HeadName, out var stored))
            return true;
        if (!stored.Entry.Shape.SequenceEqual(layout.Embedding.Shape))
            return false;
        using var head = folder.Read(layout.HeadName);
        using var embedding = folder.Read(layout.Embedding.Name);
        if (head.dtype != embedding.dtype)
            return false;
        using var equals = equal(head, embedding);
        using var all = equals.all();
        return all.item<bool>();
    }
}
