namespace LowRank.Training.Documents;

/// <summary>
/// The bytes of a stream, block by block, with a look ahead. What was handed to a decompressor can be taken back if it wasn't the
/// decompressor's.
/// </summary>
internal sealed class ByteInput(Stream source)
{
    private const int BlockLength = 1 << 16;

    private byte[] buffer = new byte[BlockLength];
    private int start;
    private int end;
    private bool sourceEnded;

    /// <summary>Length of the last block that was handed out.</summary>
    private int handedOut;

    /// <summary>The bytes read and not skipped.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(start..end);

    /// <summary>Whether a decompressor asked for more than there is.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Reads until so many bytes are there; false when the file has fewer.</summary>
    public bool TryRequire(int count)
    {
        while (end - start < count && !sourceEnded)
        {
            if (start > 0)
            {
                buffer.AsSpan(start..end).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (buffer.Length < count)
                Array.Resize(ref buffer, count);

            var read = source.Read(buffer.AsSpan(end));
            sourceEnded = read == 0;
            end += read;
        }

        return end - start >= count;
    }

    /// <exception cref="InvalidDataException">The file has fewer bytes.</exception>
    public void Require(int count)
    {
        if (!TryRequire(count))
            throw new InvalidDataException("The file ends before the compressed data does.");
    }

    public void Skip(int count) => start += count;

    /// <summary>Skips zeros, however many.</summary>
    public void SkipZeros()
    {
        while (TryRequire(1))
        {
            var other = Bytes.IndexOfAnyExcept((byte)0);
            Skip(other < 0 ? end - start : other);
            if (other >= 0)
                return;
        }
    }

    /// <summary>Skips a text and the zero behind it.</summary>
    public void SkipText()
    {
        while (true)
        {
            Require(1);
            var zero = Bytes.IndexOf((byte)0);
            Skip(zero < 0 ? end - start : zero + 1);
            if (zero >= 0)
                return;
        }
    }

    /// <summary>A stream that hands out what is left, block by block.</summary>
    public Stream HandOut()
    {
        handedOut = 0;
        IsExhausted = false;
        return new Blocks(this);
    }

    /// <summary>Makes the last block that was handed out unread, and reads up to <paramref name="further"/> bytes behind it.</summary>
    public void TakeBack(int further)
    {
        start -= handedOut;
        TryRequire(handedOut + further);
    }

    private int HandOutBlock(Span<byte> destination)
    {
        if (!TryRequire(1))
        {
            IsExhausted = true;
            return 0;
        }

        handedOut = Math.Min(destination.Length, end - start);
        Bytes[..handedOut].CopyTo(destination);
        Skip(handedOut);
        return handedOut;
    }

    private sealed class Blocks(ByteInput input) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => input.HandOutBlock(buffer);
    }
}
