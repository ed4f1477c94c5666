namespace LowRank.Training.Deduplication;

/// <summary>
/// Signs the documents of one unit as they stream by. Memory stays flat: what exceeds a limit waits in sorted runs on the disk. Nothing
/// stands under its name before <see cref="Complete"/>; disposed earlier, it leaves nothing. For one thread.
/// </summary>
internal abstract class UnitSigner : IDisposable
{
    /// <summary>Adds a document.</summary>
    /// <param name="document">Its place within the unit; ascending, though some may be left out.</param>
    /// <param name="text">What is compared.</param>
    public abstract void Add(int document, ReadOnlySpan<char> text);

    /// <summary>Sorts and writes; nothing can be added afterwards.</summary>
    public abstract void Complete(CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract void Dispose();
}
