namespace LowRank.Training.Deduplication;

/// <summary>Finds documents that are equal unit for unit; the first of all, by unit and place, is kept.</summary>
internal sealed class ExactSearch : DuplicateSearch
{
    // A hash of 128 bits.
    private const int SignatureWords = 2;

    /// <param name="folder">Where its files lie; of this search alone.</param>
    /// <param name="options">In how many parts documents are compared.</param>
    /// <param name="limits">What a task takes of the machine; null for the defaults.</param>
    /// <exception cref="InputException">An option means nothing.</exception>
    public ExactSearch(DuplicateFolder folder, ExactOptions options, SearchLimits? limits = null)
        : base(folder, options.Ranges, SignatureWords, limits) => options.Check();

    /// <inheritdoc/>
    public override ExactSigner OpenUnit(int unit) => new(unit, MatchTasks, SpoolOf(unit));
}
