namespace LowRank.Training.Data.Examples;

/// <summary>What is known of one split's files.</summary>
/// <param name="Tokens">Hash of the tokens, those of all examples one behind the other.</param>
/// <param name="Ends">Hash of the ends: for each example the number of tokens up to its last, unsigned little-endian in 8 bytes.</param>
/// <param name="Counts">Hash of the bits, one a token, the lowest of a byte first: whether predicting it counts.</param>
/// <param name="Examples">Number of examples.</param>
/// <param name="Counted">Number of tokens whose prediction counts.</param>
internal sealed record ExampleFiles(string Tokens, string Ends, string Counts, long Examples, long Counted)
{
    /// <summary>The file of the ends beside a shard of tokens.</summary>
    public static string EndsOf(string shard) => shard + ".ends";

    /// <summary>The file of the bits beside a shard of tokens.</summary>
    public static string CountsOf(string shard) => shard + ".counts";
}
