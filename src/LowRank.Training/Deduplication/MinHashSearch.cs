using LowRank.Training.Filtering;

namespace LowRank.Training.Deduplication;

/// <summary>
/// Finds near duplicates by MinHash (Broder, 1997) with bands of hashes, each a bucket. Which document of a cluster is kept is decided as
/// datatrove does it, so that the same signatures leave the same documents.
/// </summary>
internal sealed class MinHashSearch : DuplicateSearch
{
    private readonly MinHashOptions options;
    private readonly Func<IWordSplitter> splitter;

    /// <param name="folder">Where its files lie; of this search alone.</param>
    /// <param name="options">How documents are compared.</param>
    /// <param name="splitter">Makes what finds words in normalized texts, for one unit.</param>
    /// <param name="limits">What a task takes of the machine; null for the defaults.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public MinHashSearch(DuplicateFolder folder, MinHashOptions options, Func<IWordSplitter> splitter, SearchLimits? limits = null)
        : base(folder, options.Buckets, options.HashesPerBucket, limits)
    {
        options.Check();
        (this.options, this.splitter) = (options, splitter);
    }

    /// <inheritdoc/>
    public override MinHashSigner OpenUnit(int unit) => new(unit, options, splitter(), SpoolOf(unit));
}
