using System.Globalization;
using System.Text;

namespace LowRank.Training.Tokenization.Normalization;

/// <summary>Unicode's decompositions by compatibility.</summary>
internal static class CompatibilityForms
{
    private static readonly Dictionary<int, int[]> Decompositions = Read();

    /// <summary>Adds a character's full decomposition, canonical and by compatibility.</summary>
    public static void Decompose(int character, List<int> destination)
    {
        var first = destination.Count;
        if (Decompositions.TryGetValue(character, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, destination);
            return;
        }

        CanonicalForms.Decompose(character, destination);
        // What a canonical decomposition leads to may have one by compatibility.
        if (destination.Count == first + 1 && destination[first] == character)
            return;
        int[] canonical = [.. destination.Skip(first)];
        if (!Array.Exists(canonical, Decompositions.ContainsKey))
            return;
        destination.RemoveRange(first, canonical.Length);
        foreach (var part in canonical)
            Decompose(part, destination);
    }

    private static Dictionary<int, int[]> Read()
    {
        var read = new Dictionary<int, int[]>();
        using var stream = typeof(CompatibilityForms).Assembly.GetManifestResourceStream("CompatibilityForms.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var separator = line.IndexOf('>', StringComparison.Ordinal);
            read.Add(Hexadecimal(line[..separator]), [.. line[(separator + 1)..].Split(' ').Select(Hexadecimal)]);
        }

        return read;
    }

    private static int Hexadecimal(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
