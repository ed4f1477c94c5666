namespace LowRank.EndToEnd.Tests.Mutations;

/// <summary>Damage that knows nothing of what the bytes mean.</summary>
internal static class ByteMutations
{
    private static readonly Func<byte[], Dice, byte[]>[] All =
    [
        FlipBits,
        FlipBits,
        FlipBits,
        Cut,
        CutShort,
        Fill,
        Fill,
        Insert,
        Remove,
        Move,
        Append,
        Empty,
    ];

    public static byte[] Apply(byte[] content, Dice dice) => content.Length == 0 ? [0] : dice.Of(All)(content, dice);

    private static byte[] FlipBits(byte[] content, Dice dice)
    {
        byte[] changed = [.. content];
        for (var left = 1 + dice.Below(8); left > 0; left--)
            changed[Place(content.Length, dice)] ^= (byte)(1 << dice.Below(8));
        return changed;
    }

    private static byte[] Cut(byte[] content, Dice dice) => content[..dice.Below(content.Length)];

    private static byte[] CutShort(byte[] content, Dice dice) => content[..Math.Max(0, content.Length - 1 - dice.Below(16))];

    private static byte[] Fill(byte[] content, Dice dice)
    {
        byte[] changed = [.. content];
        var (start, length) = Range(content.Length, dice);
        changed.AsSpan(start, length).Fill(dice.Of(new byte[] { 0, 0, 0xFF, (byte)' ', 0x7F }));
        return changed;
    }

    private static byte[] Insert(byte[] content, Dice dice)
    {
        var (start, length) = Range(content.Length, dice);
        var place = Place(content.Length, dice);
        return [.. content[..place], .. content.AsSpan(start, length), .. content[place..]];
    }

    private static byte[] Remove(byte[] content, Dice dice)
    {
        var (start, length) = Range(content.Length, dice);
        return [.. content[..start], .. content[(start + length)..]];
    }

    private static byte[] Move(byte[] content, Dice dice)
    {
        byte[] changed = [.. content];
        var (start, length) = Range(content.Length, dice);
        content.AsSpan(start, length).CopyTo(changed.AsSpan(dice.Below(content.Length - length + 1)));
        return changed;
    }

    private static byte[] Append(byte[] content, Dice dice) =>
        [.. content, .. Enumerable.Range(0, 1 + dice.Below(64)).Select(_ => (byte)dice.Below(256))];

    private static byte[] Empty(byte[] content, Dice dice) => [];

    // Beginnings say what the rest is; they are hit as often as all else.
    private static int Place(int length, Dice dice) => dice.OneIn(2) ? dice.Below(length) : dice.Below(Math.Min(length, 64));

    private static (int Start, int Length) Range(int length, Dice dice)
    {
        var start = Place(length, dice);
        return (start, 1 + dice.Below(Math.Min(length - start, dice.OneIn(4) ? length : 32)));
    }
}
