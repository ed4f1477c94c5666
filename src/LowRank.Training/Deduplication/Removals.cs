namespace LowRank.Training.Deduplication;

/// <summary>The documents of one unit that are removed because another is kept in their stead.</summary>
internal sealed class Removals
{
    private readonly int[] documents;

    /// <param name="documents">Their places within the unit, ascending.</param>
    internal Removals(int[] documents) => this.documents = documents;

    /// <summary>Number of removed documents.</summary>
    public int Count => documents.Length;

    /// <summary>Whether a document is removed.</summary>
    /// <param name="document">Its place within the unit.</param>
    public bool Contains(int document) => Array.BinarySearch(documents, document) >= 0;
}
