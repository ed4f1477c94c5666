namespace LowRank.Training.Deduplication;

/// <summary>What a search for duplicates found.</summary>
/// <param name="Pairs">Number of pairs, with those found in several buckets.</param>
/// <param name="Clusters">Number of clusters: groups of documents of which one is kept.</param>
/// <param name="Documents">Number of documents in them.</param>
/// <param name="Removed">Number of documents that are removed: all but one of each cluster.</param>
/// <param name="Sizes">How many clusters have how many documents, ascending by size.</param>
internal sealed record DuplicateTotals(long Pairs, long Clusters, long Documents, long Removed, IReadOnlyList<ClusterSize> Sizes);

/// <summary>How many clusters have a size.</summary>
/// <param name="Documents">Number of documents in each.</param>
/// <param name="Clusters">Number of clusters.</param>
internal sealed record ClusterSize(long Documents, long Clusters);
