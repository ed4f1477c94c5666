using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace LowRank.Training.Documents;

/// <summary>
/// Decompresses gzip as the tool does: several members in a row are one file, and zeros behind them are padding. Unlike
/// <see cref="GZipStream"/> it knows when the data is cut off, and what follows it.
/// </summary>
internal sealed class GzipReader(Stream compressed) : ReadOnlyStream
{
    private const int TrailerLength = 8;

    private readonly ByteInput input = new(compressed);
    private readonly Crc32 checksum = new();
    private DeflateStream? member;
    private uint length;
    private bool begun;

    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (member is not null || TryBeginMember())
        {
            var read = member!.Read(buffer);
            if (read > 0)
            {
                checksum.Append(buffer[..read]);
                length += (uint)read;
                return read;
            }

            EndMember();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            member?.Dispose();
            compressed.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryBeginMember()
    {
        if (begun)
        {
            input.SkipZeros();
            if (!input.TryRequire(1))
                return false;
        }

        input.Require(2);
        if (!input.Bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
            throw new InvalidDataException("Something else follows the compressed data.");

        SkipHeader();
        begun = true;
        length = 0;
        checksum.Reset();
        member = new DeflateStream(input.HandOut(), CompressionMode.Decompress);
        return true;
    }

    private void SkipHeader()
    {
        const int FixedLength = 10;
        input.Require(FixedLength);
        int method = input.Bytes[2];
        int flags = input.Bytes[3];
        if (method != 8 || (flags & 0xE0) != 0)
            throw new InvalidDataException("It is compressed by a method that gzip doesn't know.");

        input.Skip(FixedLength);
        if ((flags & 4) != 0)
        {
            input.Require(2);
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(input.Bytes);
            input.Skip(2);
            input.Require(extra);
            input.Skip(extra);
        }

        // A name and a comment, each ended by a zero.
        for (var texts = ((flags >> 3) & 1) + ((flags >> 4) & 1); texts > 0; texts--)
            input.SkipText();

        if ((flags & 2) != 0)
        {
            input.Require(2);
            input.Skip(2);
        }
    }

    /// <summary>
    /// Checks what was decompressed. The decompressor doesn't say how much of the last bytes that it took were its own: the member's
    /// trailer, whose eight bytes are known by now, lies among them or right behind.
    /// </summary>
    private void EndMember()
    {
        member!.Dispose();
        member = null;
        if (input.IsExhausted)
            throw new InvalidDataException("The file ends before the compressed data does.");

        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        input.TakeBack(TrailerLength);
        var at = input.Bytes.IndexOf(trailer);
        if (at < 0)
            throw new InvalidDataException("Its checksum is wrong, or the file ends before it.");

        input.Skip(at + TrailerLength);
    }
}
