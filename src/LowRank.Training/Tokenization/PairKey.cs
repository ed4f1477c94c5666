namespace LowRank.Training.Tokenization;

/// <summary>
/// A pair of ids as the key of a dictionary. Side by side in a long they would not do: its hash is the one half XOR the other, so that the
/// millions of pairs of a vocabulary of 4,096 would share 4,096 hashes, and every look-up would pass by thousands of others.
/// </summary>
internal static class PairKey
{
    /// <summary>Distinct for distinct pairs: an odd factor has an inverse.</summary>
    public static long Of(int left, int right) => unchecked(((long)left << 32 | (uint)right) * (long)0x9E3779B97F4A7C15);
}
