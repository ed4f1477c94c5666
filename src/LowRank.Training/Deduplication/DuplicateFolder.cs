using System.Globalization;

namespace LowRank.Training.Deduplication;

/// <summary>Where one search for duplicates keeps its files.</summary>
/// <param name="path">A folder of its own; made when something is first written.</param>
internal sealed class DuplicateFolder(string path)
{
    /// <summary>The folder's absolute path.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>The removed documents of all units.</summary>
    public string Removals => Path.Combine(FullPath, "removals.bin");

    /// <summary>What was found, in numbers.</summary>
    public string Totals => Path.Combine(FullPath, "totals.json");

    /// <summary>The folder of the units' signatures, which nobody needs after clustering.</summary>
    public string AllSignatures => Path.Combine(FullPath, "signatures");

    /// <summary>The folder of the pairs, which nobody needs after clustering.</summary>
    public string AllPairs => Path.Combine(FullPath, "pairs");

    /// <summary>The folder of what one task writes and reads again before it ends.</summary>
    public string Scratch => Path.Combine(FullPath, "scratch");

    /// <summary>The sorted signatures of a unit.</summary>
    public string Signatures(int unit) => Path.Combine(AllSignatures, $"unit-{unit.ToString("D6", CultureInfo.InvariantCulture)}.bin");

    /// <summary>The pairs that a match task found.</summary>
    public string Pairs(int task) => Path.Combine(AllPairs, $"match-{task.ToString("D4", CultureInfo.InvariantCulture)}.bin");
}
