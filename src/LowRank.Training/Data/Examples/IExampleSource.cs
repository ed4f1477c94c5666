namespace LowRank.Training.Data.Examples;

/// <summary>Where examples come from, in an order that is the same on every machine.</summary>
public interface IExampleSource
{
    /// <summary>What they are, in a few words for reports.</summary>
    string Description { get; }

    /// <summary>
    /// Names the content: the files by the hashes of their bytes, and whatever else decides which tokens an example has and which of them
    /// count, such as a chat template. Equal identities and tokenizers mean equal examples: prepared data is found again by it.
    /// </summary>
    string Identity { get; }

    /// <summary>The examples; each enumeration reads them anew.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InputException">A file can't be read or is not what it should be.</exception>
    IEnumerable<TokenizedExample> ReadExamples(CancellationToken cancellation = default);
}
