namespace LowRank.Training.Data;

/// <summary>A file of the user's text.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Folder">The folder in which it was found and may be passed over; null if it was named, and must be readable.</param>
internal sealed record TextFile(string Path, string? Folder)
{
    /// <summary>
    /// Opens it and gives its documents; <paramref name="hash"/> is that of all its bytes, once the last document has been taken.
    /// </summary>
    /// <exception cref="InputException">It is not what its name says, or no text.</exception>
    public IEnumerable<byte[]> ReadDocuments(Action<string> hash, CancellationToken cancellation)
    {
        using var bytes = CompressedFile.Guard(Path, () => HashedStream.Open(Path));
        using var content = CompressedFile.Guard(Path, () => CompressedFile.Open(Path, bytes));
        using var documents = (
            IsJsonLines(CompressedFile.NameWithin(Path))
                ? JsonLines.ReadDocuments(content, Path, cancellation)
                : PlainText.ReadDocuments(content, Path, cancellation)
        ).GetEnumerator();
        while (CompressedFile.Guard(Path, documents.MoveNext))
            yield return documents.Current;

        hash(CompressedFile.Guard(Path, () => bytes.HashToEnd(cancellation)));
    }

    private static bool IsJsonLines(string name) =>
        name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
}
