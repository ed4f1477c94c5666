namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>
/// Tests that start several processes under <c>mpirun</c>, after all others. Ranks that wait for each other poll: beside other work a
/// message takes until the scheduler comes back to them, and a test minutes instead of seconds.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OnAllCores
{
    /// <summary>The collection's name.</summary>
    public const string Name = "LowRank.EndToEnd.Tests.Ranks.OnAllCores";
}
