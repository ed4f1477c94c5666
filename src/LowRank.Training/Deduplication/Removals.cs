namespace LowRank.Training.Deduplication;

/// <summary>The documents of one unit that are removed because another is kept in their stead.</summary>
internal sealed class Removals
{
    /// <summary>Words of a record: a document's place within its unit, of which each has a section.</summary>
    public const int WordsPerDocument = 1;

    private readonly int[] documents;

    private Removals(int[] documents) => this.documents = documents;

    /// <summary>Number of removed documents.</summary>
    public int Count => documents.Length;

    /// <summary>Whether a document is removed.</summary>
    /// <param name="document">Its place within the unit.</param>
    public bool Contains(int document) => Array.BinarySearch(documents, document) >= 0;

    /// <summary>Those of a unit.</summary>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    internal static Removals Load(string path, int unit)
    {
        using var reader = new RecordReader(new RecordSource(path, unit), WordsPerDocument);
        var documents = new int[reader.Left];
        for (var index = 0; reader.Read(); index++)
            documents[index] = (int)reader.Current[0];
        return new Removals(documents);
    }
}
