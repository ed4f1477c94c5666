using LowRank.Training.Optimization;

namespace LowRank.Training.Runs;

/// <summary>Names of what ranks divide among them.</summary>
internal static class ShardingNames
{
    /// <summary>All names, for messages.</summary>
    internal static string All { get; } = string.Join(", ", Enum.GetValues<Sharding>().Select(Key));

    /// <summary>The name on the command line: <c>none</c> or <c>optimizer</c>.</summary>
    internal static string Key(this Sharding sharding) =>
        sharding switch
        {
            Sharding.None => "none",
            Sharding.Optimizer => "optimizer",
            _ => throw new ArgumentOutOfRangeException(nameof(sharding), sharding, "There is no such sharding."),
        };

    /// <summary>Reads a name.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <exception cref="InputException">The name is unknown.</exception>
    internal static Sharding Parse(string name) => Find(name) ?? throw new InputException($"There is no sharding '{name}'; use {All}.");

    /// <summary>What has this name, in any case; null for nothing.</summary>
    internal static Sharding? Find(string name)
    {
        foreach (var sharding in Enum.GetValues<Sharding>())
        {
            if (string.Equals(sharding.Key(), name, StringComparison.OrdinalIgnoreCase))
                return sharding;
        }

        return null;
    }
}
