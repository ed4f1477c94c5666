using System.IO.Compression;

namespace LowRank.Training.Data;

/// <summary>
/// Decompresses gzip, and knows when the data is cut off, which <see cref="GZipStream"/> by default takes for the end. A gzip file may
/// be several in a row, so one more with known content is put behind it: it comes out at the end only if what precedes it was whole.
/// </summary>
internal sealed class GzipReader : ReadOnlyStream
{
    private static readonly byte[] EndMark = "5f0c7b9e2d41a683"u8.ToArray();
    private static readonly byte[] CompressedEndMark = Compress(EndMark);

    private readonly GZipStream decompressed;
    private readonly byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    public GzipReader(Stream compressed) =>
        decompressed = new GZipStream(new Followed(compressed, new MemoryStream(CompressedEndMark, writable: false)), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> destination)
    {
        // What may be the mark is held back.
        while (end - start <= EndMark.Length)
        {
            buffer.AsSpan(start..end).CopyTo(buffer);
            (start, end) = (0, end - start);
            int read = decompressed.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                return buffer.AsSpan(start..end).SequenceEqual(EndMark)
                    ? 0
                    : throw new InvalidDataException("The file ends before the compressed data does.");
            }

            end += read;
        }

        int count = Math.Min(destination.Length, end - start - EndMark.Length);
        buffer.AsSpan(start, count).CopyTo(destination);
        start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decompressed.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            stream.Write(content);
        }

        return compressed.ToArray();
    }

    /// <summary>One stream and then another.</summary>
    private sealed class Followed(Stream first, Stream second) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => first.Read(buffer) is > 0 and int read ? read : second.Read(buffer);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
                second.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
