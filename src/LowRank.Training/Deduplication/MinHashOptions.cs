namespace LowRank.Training.Deduplication;

/// <summary>
/// How near duplicates are found. Two documents whose sets of shingles have the Jaccard similarity s become a pair with the probability
/// 1 − (1 − s^hashesPerBucket)^buckets: with these defaults 0.56 at s = 0.7, 0.92 at 0.8 and 0.9996 at 0.9. They are those of datatrove.
/// </summary>
internal sealed record MinHashOptions
{
    private const int MostHashes = 65_536;

    /// <summary>Words per shingle; shorter documents are never duplicates.</summary>
    public int NGrams { get; init; } = 5;

    /// <summary>Number of buckets; documents that agree in all hashes of one bucket are a pair.</summary>
    public int Buckets { get; init; } = 14;

    /// <summary>Number of hashes in each.</summary>
    public int HashesPerBucket { get; init; } = 8;

    /// <summary>Draws the permutations as NumPy's <c>RandomState(seed)</c>; 0 to 4,294,967,295.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>How shingles are hashed.</summary>
    public ShingleHash Hash { get; init; } = ShingleHash.XxHash;

    /// <summary>Bits of a hash: 64 or 32.</summary>
    public int HashBits { get; init; } = 64;

    /// <summary>Refuses numbers that mean nothing.</summary>
    /// <exception cref="InputException">One of them; the message names it as the key of a JSON object.</exception>
    public void Check()
    {
        RequirePositive("nGrams", NGrams);
        RequirePositive("buckets", Buckets);
        RequirePositive("hashesPerBucket", HashesPerBucket);
        if ((long)Buckets * HashesPerBucket > MostHashes)
            throw InputException.Naming($"buckets × hashesPerBucket is {(long)Buckets * HashesPerBucket:N0}; {MostHashes:N0} is the most.");
        if (Seed is < 0 or > uint.MaxValue)
            throw InputException.Naming($"seed is {Seed}; choose a number from 0 to {uint.MaxValue}.");
        if (HashBits is not (32 or 64))
            throw InputException.Naming($"hashBits is {HashBits}; choose 64 or 32.");
    }

    private static void RequirePositive(string key, int value)
    {
        if (value < 1)
            throw InputException.Naming($"{key} is {value}; choose a number of at least 1.");
    }
}
