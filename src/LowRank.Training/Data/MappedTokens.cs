using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace LowRank.Training.Data;

/// <summary>A file of tokens in memory, as far as it is being read. Reading is safe for threads.</summary>
internal sealed unsafe class MappedTokens : IDisposable
{
    private readonly int bytesPerToken;
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private byte* tokens;

    /// <exception cref="IOException">The file can't be opened, or has another length than it had.</exception>
    public MappedTokens(TokenFile from)
    {
        bytesPerToken = from.BytesPerToken;
        if (from.Tokens == 0)
            return;
        // An empty file cannot be mapped, and one that was cut off would end the process where it is read.
        var stream = new FileStream(from.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        if (stream.Length < from.End)
        {
            var length = stream.Length;
            stream.Dispose();
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"The file has {length} bytes where {from.End} are expected.")
            );
        }

        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref tokens);
        tokens += view.PointerOffset + from.Start;
    }

    /// <summary>Reads a range within the file that isn't empty; the largest token in it.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public long Read(long offset, Span<long> destination)
    {
        ObjectDisposedException.ThrowIf(tokens == null, this);
        var source = new ReadOnlySpan<byte>(tokens + (offset * bytesPerToken), checked(destination.Length * bytesPerToken));
        return TokenWidth.Decode(source, bytesPerToken, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (tokens != null)
        {
            tokens = null;
            view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        view?.Dispose();
        file?.Dispose();
    }
}
