namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>
/// Tests that start several processes under <c>mpirun</c>, one after the other: together they would wait for each other's cores.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OnAllCores
{
    /// <summary>The collection's name.</summary>
    public const string Name = "LowRank.EndToEnd.Tests.Ranks.OnAllCores";
}
