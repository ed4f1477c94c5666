using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace LowRank.Training.Data;

/// <summary>A part of a file in memory, as far as it is being read. Reading is safe for threads.</summary>
internal sealed unsafe class MappedBytes : IDisposable
{
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private byte* bytes;

    /// <param name="path">The file.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="IOException">The file can't be opened, or is shorter than that.</exception>
    public MappedBytes(string path, long start, long length)
    {
        Length = length;
        if (length == 0)
            return;
        // An empty file cannot be mapped, and one that was cut off would end the process where it is read.
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        if (stream.Length < start + length)
        {
            var found = stream.Length;
            stream.Dispose();
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"The file has {found} bytes where {start + length} are expected.")
            );
        }

        file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref bytes);
        bytes += view.PointerOffset + start;
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>A range within the part that isn't empty; to be read at once.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReadOnlySpan<byte> Read(long offset, int count)
    {
        ObjectDisposedException.ThrowIf(bytes == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
        return new ReadOnlySpan<byte>(bytes + offset, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (bytes != null)
        {
            bytes = null;
            view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        view?.Dispose();
        file?.Dispose();
    }
}
