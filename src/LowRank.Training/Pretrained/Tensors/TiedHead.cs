using LowRank.Training.SafeTensors;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>Some libraries write a tied head a second time. One that differs from the embedding belongs to an untied model.</summary>
internal static class TiedHead
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Whether the checkpoint has no head of its own, or one that is the embedding byte for byte.</summary>
    /// <exception cref="InputException">One of them can't be read.</exception>
    public static bool IsEmbedding(TensorFolder folder, TensorLayout layout)
    {
        if (!folder.Tensors.TryGetValue(layout.HeadName, out var head))
            return true;
        var embedding = folder.Tensors[layout.Embedding.Name];
        if (head.Entry.Type != embedding.Entry.Type || !head.Entry.Shape.SequenceEqual(embedding.Entry.Shape))
            return false;
        try
        {
            return AreEqual(head, embedding);
        }
        catch (IOException exception)
        {
            throw new InputException($"'{layout.HeadName}' cannot be read: {exception.Message} Download the checkpoint again.");
        }
    }

    // Neither is held in memory: in a small model they are the largest tensors by far.
    private static bool AreEqual(StoredTensor one, StoredTensor other)
    {
        using var left = SafeTensorsFile.OpenAt(one.File, one.Entry);
        using var right = SafeTensorsFile.OpenAt(other.File, other.Entry);
        var (first, second) = (new byte[ChunkBytes], new byte[ChunkBytes]);
        for (var rest = one.Entry.Bytes; rest > 0; rest -= ChunkBytes)
        {
            var length = (int)Math.Min(rest, ChunkBytes);
            left.ReadExactly(first, 0, length);
            right.ReadExactly(second, 0, length);
            if (!first.AsSpan(0, length).SequenceEqual(second.AsSpan(0, length)))
                return false;
        }

        return true;
    }
}
