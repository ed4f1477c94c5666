namespace LowRank.Training.Files;

/// <summary>
/// A file that is written piece by piece. It stands under its name only after <see cref="Complete"/>, on disk to the last byte; disposed
/// earlier, it leaves nothing.
/// </summary>
internal sealed class UnfinishedFile : IDisposable
{
    private readonly string path;
    private readonly string unfinished;
    private readonly FileStream stream;

    /// <param name="path">The file's name; its folder exists.</param>
    public UnfinishedFile(string path)
    {
        this.path = Path.GetFullPath(path);
        unfinished = AtomicFile.UnfinishedName(this.path);
        stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>Gives the file its name, in the place of an older one; nothing can be written afterwards.</summary>
    public void Complete()
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(unfinished, path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        File.Delete(unfinished);
    }
}
