namespace LowRank.Training.Deduplication;

/// <summary>
/// Signs the documents of one unit as they stream by. Memory stays flat: what exceeds a limit waits in sorted files. Nothing stands under
/// its name before <see cref="Complete"/>; disposed earlier, it leaves nothing. For one thread.
/// </summary>
internal abstract class UnitSigner : IDisposable
{
    private readonly int unit;
    private readonly RecordSpool spool;
    private int last = -1;

    /// <param name="unit">The unit's number.</param>
    /// <param name="spool">Takes the signatures.</param>
    protected UnitSigner(int unit, RecordSpool spool) => (this.unit, this.spool) = (unit, spool);

    /// <summary>Adds a document.</summary>
    /// <param name="document">Its place within the unit; ascending, though some may be left out.</param>
    /// <param name="text">What is compared.</param>
    public void Add(int document, ReadOnlySpan<char> text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(document, last);
        last = document;
        Sign(text, DocumentNode.Of(unit, document));
    }

    /// <summary>Sorts and writes; nothing can be added afterwards.</summary>
    /// <param name="cancellation">Abandons it; nothing is written then.</param>
    public void Complete(CancellationToken cancellation) => spool.Complete(cancellation);

    /// <inheritdoc/>
    public void Dispose() => spool.Dispose();

    /// <summary>Hands a document's signatures to <see cref="Put"/>.</summary>
    /// <param name="text">What is compared.</param>
    /// <param name="node">The document.</param>
    protected abstract void Sign(ReadOnlySpan<char> text, ulong node);

    /// <summary>Adds a signature.</summary>
    /// <param name="part">The part of the search in which it is compared.</param>
    /// <param name="signature">Equal for documents that are a pair.</param>
    /// <param name="node">The document.</param>
    protected void Put(int part, ReadOnlySpan<ulong> signature, ulong node) => spool.Add(part, signature, node);
}
