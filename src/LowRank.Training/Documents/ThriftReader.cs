namespace LowRank.Training.Documents;

/// <summary>
/// Reads structures in Thrift's compact protocol far enough to know that they are whole: no list, string or structure claims more than
/// there is. Parquet describes itself in them.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Parquet has six.</summary>
    private const int MostDepth = 32;

    private const int True = 1;
    private const int False = 2;
    private const int Byte = 3;
    private const int Whole64 = 6;
    private const int Double = 7;
    private const int Text = 8;
    private const int List = 9;
    private const int Set = 10;
    private const int Map = 11;
    private const int Structure = 12;

    private readonly int whole = bytes.Length;
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Bytes read so far.</summary>
    public readonly int Read => whole - rest.Length;

    /// <summary>Begins the next field of a structure; type 0 ends it.</summary>
    /// <param name="id">The number of the field before, then of this one.</param>
    /// <param name="type">Its type.</param>
    public bool TryReadField(ref int id, out int type)
    {
        type = 0;
        if (!TryReadByte(out var head))
            return false;
        type = head & 15;
        if (type == 0)
            return head == 0;
        if (head >> 4 != 0)
        {
            id += head >> 4;
            return true;
        }

        if (!TryReadNumber(out var number))
            return false;
        id = (int)number;
        return true;
    }

    /// <summary>A whole number of any size.</summary>
    public bool TryReadNumber(out long number)
    {
        number = 0;
        if (!TryReadVariable(out var value))
            return false;
        number = (long)(value >> 1) ^ -(long)(value & 1);
        return true;
    }

    /// <summary>Skips a value; false when it isn't all there.</summary>
    public bool TrySkip(int type, int depth = 0)
    {
        if (depth > MostDepth)
            return false;

        switch (type)
        {
            case True or False:
                return true;
            case Byte:
                return TryTake(1);
            case > Byte and <= Whole64:
                return TryReadVariable(out _);
            case Double:
                return TryTake(8);
            case Text:
                return TryReadVariable(out var length) && TryTake(length);
            case List or Set:
                return TrySkipList(depth);
            case Map:
                return TrySkipMap(depth);
            case Structure:
                var id = 0;
                while (TryReadField(ref id, out var field))
                {
                    if (field == 0)
                        return true;
                    if (!TrySkip(field, depth + 1))
                        return false;
                }

                return false;
            default:
                return false;
        }
    }

    private bool TrySkipList(int depth)
    {
        if (!TryReadByte(out var head))
            return false;
        var count = (ulong)(head >> 4);
        if (count == 15 && !TryReadVariable(out count))
            return false;

        // A value takes a byte at least; within a list also a truth does.
        if (count > (ulong)rest.Length)
            return false;
        for (var type = head & 15; count > 0; count--)
        {
            if (!(type is True or False ? TryTake(1) : TrySkip(type, depth + 1)))
                return false;
        }

        return true;
    }

    private bool TrySkipMap(int depth)
    {
        if (!TryReadVariable(out var count))
            return false;
        if (count == 0)
            return true;
        if (count > (ulong)rest.Length || !TryReadByte(out var types))
            return false;
        for (; count > 0; count--)
        {
            if (!TrySkip(types >> 4, depth + 1) || !TrySkip(types & 15, depth + 1))
                return false;
        }

        return true;
    }

    private bool TryReadVariable(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!TryReadByte(out var part))
                return false;
            value |= (ulong)(part & 127) << shift;
            if (part < 128)
                return true;
        }

        return false;
    }

    private bool TryReadByte(out int value)
    {
        value = rest.IsEmpty ? 0 : rest[0];
        return TryTake(1);
    }

    private bool TryTake(ulong count)
    {
        if (count > (ulong)rest.Length)
            return false;
        rest = rest[(int)count..];
        return true;
    }
}
