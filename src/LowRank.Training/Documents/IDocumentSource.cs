namespace LowRank.Training.Documents;

/// <summary>Where a corpus comes from: documents in an order that is the same on every machine.</summary>
internal interface IDocumentSource
{
    /// <summary>What it is, in a few words for reports.</summary>
    string Description { get; }

    /// <summary>
    /// Names the content: the files, each with the hash of its bytes. It changes when the content changes; it may also change when the
    /// content does not.
    /// </summary>
    string Identity { get; }

    /// <summary>
    /// What was passed over so far: by its name or kind from the beginning, by its content once the documents have been read.
    /// </summary>
    IReadOnlyList<SkippedText> Skipped { get; }

    /// <summary>The broken records that the last reading has passed over within files; null for none.</summary>
    BrokenRecords? Broken => null;

    /// <summary>The documents as UTF-8, none of them empty, lines ended by <c>\n</c>; each enumeration reads them anew.</summary>
    /// <param name="cancellation">Ends the reading, also within a document.</param>
    /// <exception cref="InputException">A file cannot be read or is not what it should be.</exception>
    IEnumerable<byte[]> ReadDocuments(CancellationToken cancellation = default);
}
