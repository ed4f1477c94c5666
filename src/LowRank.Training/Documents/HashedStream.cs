using System.Buffers;
using System.Globalization;
using System.IO.Hashing;

namespace LowRank.Training.Documents;

/// <summary>Reads a file and hashes what was read, so that what is made of it is known to be made of these bytes.</summary>
internal sealed class HashedStream : ReadOnlyStream
{
    private readonly FileStream file;
    private readonly XxHash128 hash = new();

    private HashedStream(FileStream file) => this.file = file;

    public static HashedStream Open(string path) => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));

    /// <summary>The hash of all bytes of a file, 32 hexadecimal digits.</summary>
    public static string HashOf(string path, CancellationToken cancellation)
    {
        using var stream = Open(path);
        return stream.HashToEnd(cancellation);
    }

    /// <summary>A hash in the form that files and keys have it in, 32 hexadecimal digits.</summary>
    public static string TextOf(XxHash128 hash) => hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>The file itself; what is read of it isn't hashed.</summary>
    public Stream Unhashed => file;

    /// <summary>The first bytes, which are left to be read.</summary>
    public byte[] Peek(int count)
    {
        var position = file.Position;
        var head = new byte[count];
        var read = file.ReadAtLeast(head, count, throwOnEndOfStream: false);
        file.Position = position;
        return head[..read];
    }

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer);
        hash.Append(buffer[..read]);
        return read;
    }

    /// <summary>Reads what is left; the hash of all bytes.</summary>
    public string HashToEnd(CancellationToken cancellation)
    {
        // Folders hold thousands of files: one buffer serves them all.
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            while (Read(buffer) > 0)
                cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return TextOf(hash);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();

        base.Dispose(disposing);
    }
}
