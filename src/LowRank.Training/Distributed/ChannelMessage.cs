using System.Buffers.Binary;
using System.Text;

namespace LowRank.Training.Distributed;

/// <summary>What a message between the ranks is.</summary>
internal enum ChannelMessageKind : byte
{
    /// <summary>Rank 0: all have come. Content: the name of its machine.</summary>
    Welcome = 1,

    /// <summary>Rank 0 passes something on to all. Content: the bytes.</summary>
    Shared = 2,

    /// <summary>A rank has failed. Content: a <see cref="RankFailure"/>.</summary>
    Failure = 3,

    /// <summary>The sender ends as it should; nothing follows.</summary>
    Goodbye = 4,
}

/// <summary>One message: a byte for its kind, four for the length of its content (little-endian), the content.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">What it says.</param>
internal sealed record ChannelMessage(ChannelMessageKind Kind, byte[] Content)
{
    /// <summary>Bytes before the content.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Longest content. What is longer is no message of ours.</summary>
    public const int MaxContent = 1 << 16;

    private const int MaxText = 8192;

    /// <summary>As it is sent.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + Content.Length];
        bytes[0] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), Content.Length);
        Content.CopyTo(bytes, HeaderBytes);
        return bytes;
    }

    /// <summary>Bytes of the message that begins with a header.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static int LengthOf(ReadOnlySpan<byte> header)
    {
        var (kind, length) = ((ChannelMessageKind)header[0], BinaryPrimitives.ReadInt32LittleEndian(header[1..]));
        return length is < 0 or > MaxContent || !Enum.IsDefined(kind)
            ? throw new InvalidDataException("Not a message of a rank.")
            : HeaderBytes + length;
    }

    /// <summary>Takes the first message off a buffer.</summary>
    /// <param name="buffer">What was received and not yet taken.</param>
    /// <param name="message">The message.</param>
    /// <param name="taken">How many bytes it took.</param>
    /// <returns>False where it isn't whole yet.</returns>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out ChannelMessage message, out int taken)
    {
        (message, taken) = (null!, 0);
        if (buffer.Length < HeaderBytes)
            return false;
        var length = LengthOf(buffer);
        if (buffer.Length < length)
            return false;
        (message, taken) = (new ChannelMessage((ChannelMessageKind)buffer[0], buffer[HeaderBytes..length].ToArray()), length);
        return true;
    }

    /// <summary>A message that says a text.</summary>
    public static ChannelMessage Of(ChannelMessageKind kind, string text) => new(kind, Encoding.UTF8.GetBytes(text));

    /// <summary>The text that it says.</summary>
    public string ToText() => Encoding.UTF8.GetString(Content);

    /// <summary>That a rank has failed.</summary>
    public static ChannelMessage Of(RankFailure failure)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(failure.Rank);
        writer.Write(failure.Host);
        writer.Write(failure.ExitCode is not null);
        writer.Write(failure.ExitCode ?? 0);
        writer.Write(failure.Message is not null);
        writer.Write(failure.Message is { Length: > MaxText } all ? $"{all[..MaxText]}…" : failure.Message ?? "");
        writer.Flush();
        return new ChannelMessage(ChannelMessageKind.Failure, stream.ToArray());
    }

    /// <summary>The failure that it says; null where it says none.</summary>
    public RankFailure? TryToFailure()
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Content), Encoding.UTF8);
            var (rank, host) = (reader.ReadInt32(), reader.ReadString());
            var (hasExitCode, exitCode) = (reader.ReadBoolean(), reader.ReadInt32());
            var (hasMessage, text) = (reader.ReadBoolean(), reader.ReadString());
            return new RankFailure(rank, host, hasExitCode ? exitCode : null, hasMessage ? text : null);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
