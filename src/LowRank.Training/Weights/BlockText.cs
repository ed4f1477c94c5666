namespace LowRank.Training.Weights;

/// <summary>What each of a model's blocks has, in a few words.</summary>
internal static class BlockText
{
    /// <summary>One word where all blocks have the same, else the blocks of each: "none in block 0; 512 in blocks 1, 2".</summary>
    /// <param name="values">What each block has.</param>
    /// <param name="name">How it is called.</param>
    public static string Of<T>(IReadOnlyList<T> values, Func<T, string> name)
    {
        var groups = values
            .Select((value, block) => (Name: name(value), Block: block))
            .GroupBy(pair => pair.Name, pair => pair.Block)
            .ToList();
        return groups.Count == 1
            ? groups[0].Key
            : string.Join(
                "; ",
                groups.Select(group => $"{group.Key} in {(group.Count() == 1 ? "block" : "blocks")} {string.Join(", ", group)}")
            );
    }
}
