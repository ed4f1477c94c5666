namespace LowRank.Training.Data;

/// <summary>A file of tokens in memory, as far as it is being read. Reading is safe for threads.</summary>
internal sealed class MappedTokens : IDisposable
{
    private readonly int bytesPerToken;
    private readonly MappedBytes bytes;

    /// <exception cref="IOException">The file can't be opened, or has another length than it had.</exception>
    public MappedTokens(TokenFile from)
    {
        bytesPerToken = from.BytesPerToken;
        bytes = new MappedBytes(from.Path, from.Start, checked(from.Tokens * bytesPerToken));
    }

    /// <summary>Reads a range within the file that isn't empty; the largest token in it.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public long Read(long offset, Span<long> destination) =>
        TokenWidth.Decode(bytes.Read(offset * bytesPerToken, checked(destination.Length * bytesPerToken)), bytesPerToken, destination);

    /// <inheritdoc/>
    public void Dispose() => bytes.Dispose();
}
