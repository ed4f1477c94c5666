using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using LowRank.Training.Documents;

namespace LowRank.Training.Data;

/// <summary>
/// A flat file of tokens (little-endian uint16, or uint32 for vocabularies above 65,536), mapped into memory and never loaded whole.
/// Reading is safe for threads.
/// </summary>
public sealed unsafe class TokenShard : IDisposable
{
    private readonly int bytesPerToken;
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private byte* tokens;

    private TokenShard(string path, TokenShardFormat format)
    {
        bytesPerToken = format.BytesPerToken;
        Count = format.Count;
        Hash = format.Hash;
        if (Count > 0)
        {
            // An empty file cannot be mapped.
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref tokens);
            tokens += view.PointerOffset;
        }
    }

    /// <summary>Number of tokens.</summary>
    public long Count { get; }

    /// <summary>XxHash128 of the file's bytes, 32 hexadecimal digits.</summary>
    internal string Hash { get; }

    /// <summary>Opens a shard after reading it through once, to know that it is what was written.</summary>
    /// <exception cref="InvalidDataException">The shard or its description is missing, cut off or altered.</exception>
    internal static TokenShard Open(string path)
    {
        var format = TokenShardFormat.Load(path);
        if (!File.Exists(path))
            throw new InvalidDataException($"The shard '{path}' is missing.");

        Verify(path, format);
        return new TokenShard(path, format);
    }

    /// <summary>Copies the tokens from position <paramref name="offset"/> on into <paramref name="destination"/>, filling it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the shard.</exception>
    /// <exception cref="ObjectDisposedException">The shard was disposed.</exception>
    public void Read(long offset, Span<long> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Count - destination.Length);
        if (destination.IsEmpty)
            return;

        ObjectDisposedException.ThrowIf(tokens == null, this);
        var source = new ReadOnlySpan<byte>(tokens + (offset * bytesPerToken), checked(destination.Length * bytesPerToken));
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] =
                bytesPerToken == sizeof(ushort)
                    ? BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(ushort))..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(source[(i * sizeof(uint))..]);
        }
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

    private static void Verify(string path, TokenShardFormat format)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        var expected = checked(format.Count * format.BytesPerToken);
        if (stream.Length != expected)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"The shard '{path}' has {stream.Length} bytes where {expected} were written.")
            );
        }

        var hash = new XxHash128();
        hash.Append(stream);
        if (HashedStream.TextOf(hash) != format.Hash)
            throw new InvalidDataException($"The shard '{path}' does not hold what was written: its hash differs.");
    }
}
