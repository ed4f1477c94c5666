using LowRank.Training.Filtering;

namespace LowRank.Training.Deduplication;

/// <summary>Signs by the minima of hashed shingles, of which each bucket has some.</summary>
internal sealed class MinHashSigner : UnitSigner
{
    private readonly int buckets;
    private readonly int hashesPerBucket;
    private readonly Shingles shingles;
    private readonly MinHashPermutations permutations;

    /// <param name="unit">The unit's number.</param>
    /// <param name="options">How documents are compared.</param>
    /// <param name="splitter">Finds words in normalized texts.</param>
    /// <param name="spool">Takes the signatures.</param>
    public MinHashSigner(int unit, MinHashOptions options, IWordSplitter splitter, RecordSpool spool)
        : base(unit, spool)
    {
        (buckets, hashesPerBucket) = (options.Buckets, options.HashesPerBucket);
        shingles = new Shingles(options, splitter);
        permutations = new MinHashPermutations(buckets * hashesPerBucket, (uint)options.Seed, options.HashBits);
    }

    /// <summary>A document with these shingles; for one without any, nothing.</summary>
    /// <param name="node">The document.</param>
    /// <param name="hashes">The shingles' hashes, in any order, also several times.</param>
    internal void Sign(ReadOnlySpan<ulong> hashes, ulong node)
    {
        if (hashes.IsEmpty)
            return;
        var minima = permutations.Minima(hashes);
        for (var bucket = 0; bucket < buckets; bucket++)
            Put(bucket, minima.Slice(bucket * hashesPerBucket, hashesPerBucket), node);
    }

    /// <inheritdoc/>
    protected override void Sign(ReadOnlySpan<char> text, ulong node) => Sign(shingles.Hash(text), node);
}
