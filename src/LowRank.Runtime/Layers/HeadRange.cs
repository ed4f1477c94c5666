using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Some heads of some sequences: all heads of several sequences, or several heads of one.</summary>
/// <param name="FirstSequence">The first sequence.</param>
/// <param name="Sequences">Number of sequences.</param>
/// <param name="FirstHead">The first query head.</param>
/// <param name="Heads">Number of query heads of a sequence.</param>
/// <param name="Group">Number of query heads that share a key and value head.</param>
internal readonly record struct HeadRange(long FirstSequence, long Sequences, long FirstHead, long Heads, long Group)
{
    // Scores of a block over the range's heads: they stay in the cache from the product to the softmax and on to the next product.
    private const long BlockScores = 1 << 19;

    /// <summary>Number of query heads, those of all sequences counted together.</summary>
    public long Count => Sequences * Heads;

    /// <summary>A copy of heads that stand beside one another, one after the other: <c>[batch, heads, sequence, headSize]</c>.</summary>
    /// <param name="tensor"><c>[batch, sequence, heads, headSize]</c>.</param>
    public static Tensor ByHeads(Tensor tensor)
    {
        using var transposed = tensor.transpose(1, 2);
        return ActivationMemory.Contiguous(transposed);
    }

    /// <summary>Ranges that cover all heads.</summary>
    /// <param name="queries"><c>[batch, heads, sequence, headSize]</c>.</param>
    /// <param name="keys"><c>[batch, keyValueHeads, sequence, headSize]</c>.</param>
    /// <param name="window">Number of tokens that a token sees.</param>
    /// <param name="documents">The documents of the sequences, which then are taken one by one; null where each is one.</param>
    public static IEnumerable<HeadRange> All(Tensor queries, Tensor keys, long window, PackedDocuments? documents = null)
    {
        var (batch, heads, sequence) = (queries.shape[0], queries.shape[1], documents?.Longest ?? queries.shape[2]);
        var group = heads / keys.shape[1];
        var count = Math.Max(1, BlockScores / Kernels.AttentionBlock.LargestScores(sequence, window));
        if (count >= heads)
        {
            var sequences = documents is null ? count / heads : 1;
            for (long first = 0; first < batch; first += sequences)
                yield return new(first, Math.Min(sequences, batch - first), 0, heads, group);
            yield break;
        }

        var some = Math.Max(1, count / group) * group;
        for (long sequenceIndex = 0; sequenceIndex < batch; sequenceIndex++)
        {
            for (long first = 0; first < heads; first += some)
                yield return new(sequenceIndex, 1, first, Math.Min(some, heads - first), group);
        }
    }

    /// <summary>Blocks that cover the range's queries, of one document after the other.</summary>
    /// <param name="sequence">Tokens of a sequence.</param>
    /// <param name="window">Number of tokens that a token sees.</param>
    /// <param name="scale">What a product of query and key is multiplied by.</param>
    /// <param name="cap">The soft cap of the scores; 0 for none.</param>
    /// <param name="documents">The documents of the sequences; null where each is one.</param>
    public IEnumerable<AttentionBlock> Blocks(long sequence, long window, float scale, float cap, PackedDocuments? documents)
    {
        if (documents is null)
            return AttentionBlock.All(Count, sequence, window, scale, cap);
        var count = Count;
        return documents
            .Of(FirstSequence)
            .SelectMany(document => AttentionBlock.OfDocument(count, document.Start, document.Length, window, scale, cap));
    }

    /// <summary>The range's query heads, <c>[Count, sequence, headSize]</c>.</summary>
    /// <param name="tensor"><c>[batch, heads, sequence, headSize]</c>, contiguous.</param>
    public Tensor Of(Tensor tensor)
    {
        using var sequences = tensor.narrow(0, FirstSequence, Sequences);
        using var heads = sequences.narrow(1, FirstHead, Heads);
        return heads.view(Count, tensor.shape[2], tensor.shape[3]);
    }

    /// <summary>The key or value heads of the range's query heads, one for each of them, <c>[Count, sequence, headSize]</c>.</summary>
    /// <param name="tensor"><c>[batch, keyValueHeads, sequence, headSize]</c>, contiguous.</param>
    public Tensor Shared(Tensor tensor)
    {
        using var sequences = tensor.narrow(0, FirstSequence, Sequences);
        using var heads = sequences.narrow(1, FirstHead / Group, Heads / Group);
        if (Group == 1)
            return heads.view(Count, tensor.shape[2], tensor.shape[3]);
        using var grouped = heads.unsqueeze(2);
        using var spread = grouped.expand(Sequences, Heads / Group, Group, tensor.shape[2], tensor.shape[3]);
        return spread.reshape(Count, tensor.shape[2], tensor.shape[3]);
    }

    /// <summary>Writes some rows of the range's heads where heads stand beside one another.</summary>
    /// <param name="rows"><c>[Count, rows, headSize]</c>.</param>
    /// <param name="target"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="firstRow">Where the rows begin in the sequence.</param>
    /// <param name="firstHead">Where the heads begin.</param>
    public void Store(Tensor rows, Tensor target, long firstRow, long firstHead)
    {
        using var heads = rows.view(Sequences, rows.shape[0] / Sequences, rows.shape[1], rows.shape[2]);
        using var transposed = heads.transpose(1, 2);
        using var sequences = target.narrow(0, FirstSequence, Sequences);
        using var places = sequences.narrow(1, firstRow, rows.shape[1]);
        using var place = places.narrow(2, firstHead, heads.shape[1]);
        place.copy_(transposed);
    }

    /// <summary>Writes gradients of key or value heads, added up over the query heads that share them.</summary>
    /// <param name="gradient"><c>[Count, sequence, headSize]</c>.</param>
    /// <param name="target"><c>[batch, sequence, heads, headSize]</c>.</param>
    /// <param name="firstHead">Where the key or value heads of all ranges begin.</param>
    public void StoreShared(Tensor gradient, Tensor target, long firstHead)
    {
        if (Group == 1)
        {
            Store(gradient, target, 0, firstHead + FirstHead);
            return;
        }

        using var grouped = gradient.view(Count / Group, Group, gradient.shape[1], gradient.shape[2]);
        using var sum = grouped.sum(1);
        Store(sum, target, 0, firstHead + FirstHead / Group);
    }
}
