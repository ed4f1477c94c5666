using System.Globalization;

namespace LowRank.Training.Data.Shards;

/// <summary>The tokens of all units, one behind the other, as bytes of any range of them.</summary>
internal sealed class UnitStream
{
    private readonly string[] paths;

    /// <summary>Where the tokens of each unit end.</summary>
    private readonly long[] ends;
    private readonly int width;

    /// <param name="units">The file of each unit, and its number of tokens.</param>
    /// <param name="width">Bytes of a token.</param>
    public UnitStream(IEnumerable<(string Path, long Tokens)> units, int width)
    {
        this.width = width;
        var known = units.Where(unit => unit.Tokens > 0).ToArray();
        paths = [.. known.Select(unit => unit.Path)];
        ends = new long[paths.Length];
        for (var unit = 0; unit < ends.Length; unit++)
            ends[unit] = Count = checked(Count + known[unit].Tokens);
    }

    /// <summary>Number of tokens.</summary>
    public long Count { get; }

    /// <summary>The bytes of so many tokens from a place on, in pieces that are valid until the next is asked for.</summary>
    /// <exception cref="InputException">A unit's file is missing or has another length than was counted.</exception>
    public IEnumerable<ArraySegment<byte>> Read(long start, long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - tokens);
        var buffer = new byte[1 << 18];
        var unit = Array.BinarySearch(ends, start);
        unit = unit < 0 ? ~unit : unit + 1;
        while (tokens > 0)
        {
            var first = unit == 0 ? 0 : ends[unit - 1];
            using var file = Open(unit, ends[unit] - first);
            file.Position = (start - first) * width;
            for (var left = Math.Min(tokens, ends[unit] - start); left > 0; )
            {
                var piece = (int)Math.Min(left, buffer.Length / width);
                file.ReadExactly(buffer, 0, piece * width);
                yield return new ArraySegment<byte>(buffer, 0, piece * width);
                (left, tokens, start) = (left - piece, tokens - piece, start + piece);
            }

            unit++;
        }
    }

    private FileStream Open(int unit, long tokens)
    {
        FileStream file;
        try
        {
            file = new FileStream(paths[unit], FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The tokens '{paths[unit]}' cannot be read: {exception.Message} Have the unit encoded again.");
        }

        if (file.Length == tokens * width)
            return file;
        var length = file.Length;
        file.Dispose();
        throw new InputException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The tokens '{paths[unit]}' have {length} bytes where {tokens * width} were written; have the unit encoded again."
            )
        );
    }
}
