using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LowRank.Training.Tokenization.SentencePiece;

/// <summary>
/// Reads the fields of a protocol buffers message (https://protobuf.dev/programming-guides/encoding/), which says of each its number and
/// its wire type. What is damaged ends it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    /// <summary>The number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>What it holds where it is a whole number.</summary>
    public ulong Number { get; private set; }

    /// <summary>What it holds where it is text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>What it holds where it is a number of four bytes.</summary>
    public float Real { get; private set; }

    /// <summary>How it is written.</summary>
    public WireType Type { get; private set; }

    /// <summary>Whether the message is damaged.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Goes on to the next field; false at the end and where the message is damaged.</summary>
    public bool Read()
    {
        if (rest.IsEmpty || IsDamaged)
            return false;
        if (!TryVarint(out var tag) || tag >> 3 is 0 or > int.MaxValue)
            return !(IsDamaged = true);
        (Field, Type) = ((int)(tag >> 3), (WireType)(tag & 7));
        var whole = Type switch
        {
            WireType.Varint => TryVarint(out var number) && Take(number),
            WireType.Eight => TrySkip(8),
            WireType.Delimited => TryVarint(out var length) && TryBytes(length),
            WireType.Four => TryReal(),
            _ => false,
        };
        IsDamaged = !whole;
        return whole;
    }

    private bool Take(ulong number)
    {
        Number = number;
        return true;
    }

    private bool TrySkip(int length)
    {
        if (rest.Length < length)
            return false;
        rest = rest[length..];
        return true;
    }

    private bool TryReal()
    {
        if (rest.Length < 4)
            return false;
        Real = BinaryPrimitives.ReadSingleLittleEndian(rest);
        return TrySkip(4);
    }

    private bool TryBytes(ulong length)
    {
        if (length > (ulong)rest.Length)
            return false;
        Bytes = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private bool TryVarint(out ulong number)
    {
        number = 0;
        for (var shift = 0; shift < 64 && !rest.IsEmpty; shift += 7)
        {
            var value = rest[0];
            rest = rest[1..];
            number |= (ulong)(value & 0x7F) << shift;
            if (value < 0x80)
                return true;
        }

        return false;
    }
}

/// <summary>How a field is written.</summary>
internal enum WireType
{
    Varint = 0,
    Eight = 1,
    Delimited = 2,
    Four = 5,
}
