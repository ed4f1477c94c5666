namespace LowRank.Training.Data;

/// <summary>
/// Tokens one behind the other, in one file or in thousands, of which no more is in memory than is being read. Reading is safe for threads.
/// </summary>
public abstract class TokenSequence : IDisposable
{
    private protected TokenSequence(long count) => Count = count;

    /// <summary>Number of tokens.</summary>
    public long Count { get; }

    /// <summary>Copies the tokens from position <paramref name="offset"/> on into <paramref name="destination"/>, filling it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the sequence.</exception>
    /// <exception cref="InputException">
    /// A file is missing or was changed since it was opened, or holds a token beyond the tokenizer's vocabulary.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The sequence was disposed.</exception>
    public void Read(long offset, Span<long> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Count - destination.Length);
        if (!destination.IsEmpty)
            Copy(offset, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a range that is within the sequence and not empty.</summary>
    private protected abstract void Copy(long offset, Span<long> destination);

    /// <summary>Closes what is open; may be called again.</summary>
    private protected abstract void Release();
}
