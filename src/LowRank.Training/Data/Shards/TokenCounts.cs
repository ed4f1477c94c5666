namespace LowRank.Training.Data.Shards;

/// <summary>How much was written.</summary>
/// <param name="Tokens">Number of tokens, those at the ends of documents included.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Bytes">Bytes of their text in UTF-8.</param>
internal readonly record struct TokenCounts(long Tokens, long Documents, long Bytes)
{
    /// <summary>Both together.</summary>
    public static TokenCounts operator +(TokenCounts left, TokenCounts right) =>
        new(left.Tokens + right.Tokens, left.Documents + right.Documents, left.Bytes + right.Bytes);
}
