using System.Globalization;
using System.Text;

namespace LowRank.Training.Tokenization.Normalization;

/// <summary>Unicode's canonical combining classes, decompositions and compositions.</summary>
internal static class CanonicalForms
{
    private const int FirstSyllable = 0xAC00;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTrail = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly HashSet<int> Seconds = [];

    static CanonicalForms()
    {
        using var stream = typeof(CanonicalForms).Assembly.GetManifestResourceStream("CanonicalForms.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                Add(line, line.AsSpan().IndexOfAny("-=>"));
        }
    }

    /// <summary>The canonical combining class; 0 for what starts a character.</summary>
    public static byte Class(int character) => Classes.GetValueOrDefault(character);

    /// <summary>Whether a character stays as it is whatever stands before it, unless marks follow.</summary>
    public static bool IsStable(int character) =>
        character < 0x300
        || (
            Class(character) == 0
            && !Seconds.Contains(character)
            && character is not (>= FirstVowel and < FirstVowel + Vowels) and not (> BeforeFirstTrail and < BeforeFirstTrail + Trails)
            && (
                !Decompositions.TryGetValue(character, out var parts)
                || (parts.Length == 2 && Compositions.ContainsKey((parts[0], parts[1])))
            )
        );

    /// <summary>Adds a character's full decomposition.</summary>
    public static void Decompose(int character, List<int> destination)
    {
        if (character is >= FirstSyllable and < FirstSyllable + Leads * Vowels * Trails)
        {
            var index = character - FirstSyllable;
            destination.Add(FirstLead + index / (Vowels * Trails));
            destination.Add(FirstVowel + index % (Vowels * Trails) / Trails);
            if (index % Trails > 0)
                destination.Add(BeforeFirstTrail + index % Trails);
        }
        else if (Decompositions.TryGetValue(character, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, destination);
        }
        else
            destination.Add(character);
    }

    /// <summary>The character that two make together, or null.</summary>
    public static int? Compose(int first, int second)
    {
        if (first is >= FirstLead and < FirstLead + Leads && second is >= FirstVowel and < FirstVowel + Vowels)
            return FirstSyllable + ((first - FirstLead) * Vowels + second - FirstVowel) * Trails;
        if (
            first is >= FirstSyllable and < FirstSyllable + Leads * Vowels * Trails
            && (first - FirstSyllable) % Trails == 0
            && second is > BeforeFirstTrail and < BeforeFirstTrail + Trails
        )
            return first + second - BeforeFirstTrail;
        return Compositions.TryGetValue((first, second), out var whole) ? whole : null;
    }

    // "first-last class", "character=first second" or "character>parts".
    private static void Add(string line, int separator)
    {
        var left = Hexadecimal(line.AsSpan(0, separator));
        var rest = line[(separator + 1)..].Split(' ');
        if (line[separator] == '-')
        {
            for (var character = left; character <= Hexadecimal(rest[0]); character++)
                Classes.Add(character, byte.Parse(rest[1], CultureInfo.InvariantCulture));
            return;
        }

        int[] parts = [.. rest.Select(part => Hexadecimal(part))];
        Decompositions.Add(left, parts);
        if (line[separator] == '=')
        {
            Compositions.Add((parts[0], parts[1]), left);
            Seconds.Add(parts[1]);
        }
    }

    private static int Hexadecimal(ReadOnlySpan<char> digits) =>
        int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
