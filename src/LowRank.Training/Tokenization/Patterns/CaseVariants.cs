using System.Text;

namespace LowRank.Training.Tokenization.Patterns;

/// <summary>
/// The other cases of a character, one to one: to a comparison that ignores case the long s is an s, and the sign of kelvin a k.
/// </summary>
internal static class CaseVariants
{
    private static readonly (int Character, int[] Variants)[] Further =
    [
        ('s', [0x17F]),
        ('S', [0x17F]),
        (0x17F, ['s', 'S']),
        ('k', [0x212A]),
        ('K', [0x212A]),
        (0x212A, ['k', 'K']),
        (0xE5, [0x212B]),
        (0xC5, [0x212B]),
        (0x212B, [0xE5, 0xC5]),
    ];

    /// <summary>All but the character itself.</summary>
    public static IReadOnlyList<int> Of(int character)
    {
        if (!Rune.IsValid(character))
            return [];
        var rune = new Rune(character);
        var found = new List<int>(2);
        foreach (var other in (ReadOnlySpan<int>)[Rune.ToLowerInvariant(rune).Value, Rune.ToUpperInvariant(rune).Value])
        {
            if (other != character)
                found.Add(other);
        }

        foreach (var (known, variants) in Further)
        {
            if (known == character)
                found.AddRange(variants);
        }

        return found;
    }
}
