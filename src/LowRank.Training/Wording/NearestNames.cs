namespace LowRank.Training.Wording;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>
    /// The names that lie nearest, nearest first: those at most a third of their length away, or that contain the typed part.
    /// </summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> names)
    {
        var wanted = typed.ToUpperInvariant();
        return
        [
            .. names
                .Select(name => (Name: name, Upper: name.ToUpperInvariant()))
                .Select(candidate => (candidate.Name, candidate.Upper, Distance: Distance(wanted, candidate.Upper)))
                .Where(candidate =>
                    candidate.Distance <= Math.Max(2, candidate.Name.Length / 3) || (typed.Length >= 3 && candidate.Upper.Contains(wanted))
                )
                .OrderBy(candidate => candidate.Distance)
                .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(Most)
                .Select(candidate => candidate.Name),
        ];
    }

    /// <summary>A question with the nearest names, or nothing: <c>did you mean train or trace?</c></summary>
    public static string? Question(string typed, IEnumerable<string> names)
    {
        var nearest = Of(typed, names);
        return nearest.Count == 0 ? null : $"did you mean {string.Join(" or ", nearest)}?";
    }

    // Levenshtein's edit distance with neighboring letters swapped counted as one edit.
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[left.Length, right.Length];
    }
}
