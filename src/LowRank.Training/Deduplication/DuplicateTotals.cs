using System.Text.Json;
using LowRank.Training.Files;

namespace LowRank.Training.Deduplication;

/// <summary>What a search for duplicates found.</summary>
/// <param name="Pairs">Number of pairs, with those found in several buckets.</param>
/// <param name="Clusters">Number of clusters: groups of documents of which one is kept.</param>
/// <param name="Documents">Number of documents in them.</param>
/// <param name="Removed">Number of documents that are removed: all but one of each cluster.</param>
/// <param name="Sizes">How many clusters have how many documents, ascending by size.</param>
internal sealed record DuplicateTotals(long Pairs, long Clusters, long Documents, long Removed, IReadOnlyList<ClusterSize> Sizes)
{
    /// <summary>Writes a file, whole or not at all.</summary>
    public void Save(string path) =>
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, DuplicateJson.Default.DuplicateTotals));

    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public static DuplicateTotals Load(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), DuplicateJson.Default.DuplicateTotals) is { } totals)
                return totals;
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Said below.
        }

        throw InputException.Naming($"'{path}' is missing or damaged; cluster again.");
    }
}

/// <summary>How many clusters have a size.</summary>
/// <param name="Documents">Number of documents in each.</param>
/// <param name="Clusters">Number of clusters.</param>
internal sealed record ClusterSize(long Documents, long Clusters);
