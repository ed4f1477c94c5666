namespace LowRank.Training.Documents;

/// <summary>Recognizes UTF-16, with a byte-order mark or without one.</summary>
internal static class Utf16Text
{
    /// <summary>
    /// Whether the first bytes of a file look like UTF-16. Without a mark it shows by zeros in either the even or the odd places: line
    /// ends, spaces and digits have them in every language.
    /// </summary>
    public static bool Looks(ReadOnlySpan<byte> head)
    {
        if (head.Length < 2)
            return false;

        if ((head[0], head[1]) is (0xFF, 0xFE) or (0xFE, 0xFF))
            return true;

        var zeros = (Even: 0, Odd: 0);
        for (var i = 0; i < head.Length; i++)
        {
            zeros.Even += head[i] == 0 && i % 2 == 0 ? 1 : 0;
            zeros.Odd += head[i] == 0 && i % 2 == 1 ? 1 : 0;
        }

        return Math.Min(zeros.Even, zeros.Odd) == 0 && 64 * Math.Max(zeros.Even, zeros.Odd) >= head.Length;
    }
}
