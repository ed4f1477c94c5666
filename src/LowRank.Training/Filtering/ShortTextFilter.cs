namespace LowRank.Training.Filtering;

/// <summary>
/// Says quickly of most texts that they aren't among a few short ones, by length and outer characters. What it doesn't rule out must
/// be looked up.
/// </summary>
internal sealed class ShortTextFilter
{
    private const int Slots = 1 << 14;

    private readonly bool[] slots = new bool[Slots];
    private readonly int longest;

    public ShortTextFilter(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            slots[Slot(text)] = true;
            longest = Math.Max(longest, text.Length);
        }
    }

    /// <summary>False if <paramref name="text"/>, which must not be empty, is none of the texts.</summary>
    public bool Has(ReadOnlySpan<char> text) => text.Length <= longest && !text.IsEmpty && slots[Slot(text)];

    private static int Slot(ReadOnlySpan<char> text)
    {
        var mixed = (text[0] * 0x9E3779B1u) ^ (text[^1] * 0x85EBCA77u) ^ (text[text.Length / 2] * 0xC2B2AE3Du) ^ ((uint)text.Length << 13);
        return (int)((mixed ^ (mixed >> 15)) & (Slots - 1));
    }
}
