using System.Globalization;
using System.Text;

namespace LowRank.Training.Tokenization.Models;

/// <summary>The entries <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, which stand for bytes of characters without an entry.</summary>
internal sealed class ByteEntries(EntryTable entries)
{
    private readonly int[] ids =
    [
        .. Enumerable
            .Range(0, 256)
            .Select(value => entries.Find(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>")))),
    ];

    /// <summary>Adds the ids of all bytes; adds none and is false where one has no entry.</summary>
    public bool TryAdd(ReadOnlySpan<byte> text, List<int> destination)
    {
        foreach (var value in text)
        {
            if (ids[value] < 0)
                return false;
        }

        foreach (var value in text)
            destination.Add(ids[value]);
        return true;
    }
}
