using LowRank.EndToEnd.Tests;
using LowRank.EndToEnd.Tests.Costs;
using LowRank.EndToEnd.Tests.Experiments;
using LowRank.EndToEnd.Tests.Mutations;
using LowRank.EndToEnd.Tests.Processes;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace LowRank.EndToEnd.Tests;

/// <summary>Starts the classes that take a minute and more before the others: one that comes last leaves all cores but one idle.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] Long =
    [
        typeof(MutationTests),
        typeof(KilledRunTests),
        typeof(MeasuredMemoryTests),
        typeof(ExperimentProcessTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    // A class that names no collection has one of its own, which is named for it.
    private static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Long, type => collection.TestCollectionDisplayName.Contains(type.FullName!, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
