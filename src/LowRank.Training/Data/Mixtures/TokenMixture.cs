using System.Globalization;

namespace LowRank.Training.Data.Mixtures;

/// <summary>Several texts that are read by weight.</summary>
/// <param name="Sources">The texts, each with its own shuffle and its own validation split.</param>
/// <param name="Names">What they were called, in the same order.</param>
/// <param name="Parts">How many sequences of a block come from each.</param>
internal sealed record TokenMixture(IReadOnlyList<TokenDataset> Sources, IReadOnlyList<string> Names, IReadOnlyList<int> Parts)
{
    /// <summary>The share of a source, between 0 and 1.</summary>
    public double Share(int source) => (double)Parts[source] / Parts.Sum();

    /// <summary>The share of a source in words.</summary>
    public string Percent(int source) => string.Create(CultureInfo.InvariantCulture, $"{100 * Share(source):0.#} %");
}
