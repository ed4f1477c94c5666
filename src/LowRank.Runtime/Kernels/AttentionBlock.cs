namespace LowRank.Kernels;

/// <summary>Some consecutive queries and all keys that one of them sees, for some heads.</summary>
/// <param name="Heads">Number of heads, those of several sequences counted together.</param>
/// <param name="FirstQuery">Position of the first query.</param>
/// <param name="Queries">Number of queries.</param>
/// <param name="FirstKey">Position of the first key.</param>
/// <param name="Keys">Number of keys.</param>
/// <param name="Window">Number of keys that a query sees, its own included.</param>
/// <param name="Scale">What a product of query and key is multiplied by.</param>
/// <param name="Cap">The soft cap of the scores; 0 for none.</param>
internal readonly record struct AttentionBlock(
    long Heads,
    long FirstQuery,
    long Queries,
    long FirstKey,
    long Keys,
    long Window,
    float Scale,
    float Cap = 0
)
{
    // Fewer queries save more of what the mask hides, more make the products faster.
    private const long MostQueries = 128;

    /// <summary>Blocks that cover all queries.</summary>
    /// <param name="heads">Number of heads.</param>
    /// <param name="sequence">Number of queries and keys of a head.</param>
    /// <param name="window">Number of keys that a query sees, its own included.</param>
    /// <param name="scale">What a product of query and key is multiplied by.</param>
    /// <param name="cap">The soft cap of the scores; 0 for none.</param>
    public static IEnumerable<AttentionBlock> All(long heads, long sequence, long window, float scale, float cap = 0) =>
        OfDocument(heads, start: 0, sequence, window, scale, cap);

    /// <summary>Blocks that cover the queries of one document of a sequence, which sees no key before its own.</summary>
    /// <param name="heads">Number of heads.</param>
    /// <param name="start">Position of the document's first token.</param>
    /// <param name="length">Number of its tokens.</param>
    /// <param name="window">Number of keys that a query sees, its own included.</param>
    /// <param name="scale">What a product of query and key is multiplied by.</param>
    /// <param name="cap">The soft cap of the scores; 0 for none.</param>
    public static IEnumerable<AttentionBlock> OfDocument(long heads, long start, long length, long window, float scale, float cap = 0)
    {
        for (var first = start; first < start + length; first += MostQueries)
        {
            var queries = Math.Min(MostQueries, start + length - first);
            var firstKey = Math.Max(start, first - window + 1);
            yield return new(heads, first, queries, firstKey, first + queries - firstKey, window, scale, cap);
        }
    }

    /// <summary>Number of scores of one head in the largest of <see cref="All"/>.</summary>
    public static long LargestScores(long sequence, long window)
    {
        var queries = Math.Min(sequence, MostQueries);
        return queries * Math.Min(sequence, window - 1 + queries);
    }

    /// <summary>
    /// The keys that a query sees, from the first of them to the one behind the last, counted from the block's first key.
    /// </summary>
    /// <param name="query">The query, counted from the block's first.</param>
    public (long Low, long High) Seen(long query)
    {
        var position = FirstQuery + query;
        return (Math.Max(0, position - Window + 1 - FirstKey), position + 1 - FirstKey);
    }
}
