using System.Runtime.InteropServices;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data;

/// <summary>
/// Writes one split's documents to its shard, each between what the tokenizer sets before a text and the end-of-text token, and counts.
/// </summary>
internal sealed class EncodedSplit(string path, Tokenizer tokenizer, bool specialTokens = false) : IDisposable
{
    private readonly TokenShardWriter shard = new(path, tokenizer.VocabularySize);
    private readonly List<int> ids = [];
    private readonly long[] tokenCounts = new long[tokenizer.VocabularySize];

    public long Documents { get; private set; }

    /// <summary>Bytes of the text in UTF-8, end-of-text tokens not counted.</summary>
    public long Bytes { get; private set; }

    /// <summary>How often each id was written.</summary>
    public ReadOnlySpan<long> TokenCounts => tokenCounts;

    public void Add(ReadOnlySpan<byte> document, CancellationToken cancellation)
    {
        ids.Clear();
        ids.AddRange(tokenizer.Before);
        tokenizer.Encode(document, ids, specialTokens, cancellation);
        ids.Add(tokenizer.EndOfText);
        foreach (var id in ids)
            tokenCounts[id]++;

        shard.Write(CollectionsMarshal.AsSpan(ids));
        Documents++;
        Bytes += document.Length;
    }

    /// <summary>Finishes the shard and returns its hash.</summary>
    public string Complete() => shard.Complete();

    public void Dispose() => shard.Dispose();
}
