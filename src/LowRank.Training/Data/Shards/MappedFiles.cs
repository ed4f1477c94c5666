namespace LowRank.Training.Data.Shards;

/// <summary>
/// Token files of which a bounded number is mapped at a time, those read last: systems bound open files and mappings, and data have
/// thousands of shards. Safe for threads.
/// </summary>
/// <param name="files">The files, of which none is opened before it is read.</param>
/// <param name="most">The most that stay mapped.</param>
internal sealed class MappedFiles(IReadOnlyList<TokenFile> files, int most) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>The mapped files, those read last in front.</summary>
    private readonly LinkedList<Mapping> order = new();
    private readonly Dictionary<int, LinkedListNode<Mapping>> known = [];
    private bool isDisposed;

    /// <summary>How many are mapped.</summary>
    internal int Mapped => order.Count;

    /// <summary>Reads a range of a file that isn't empty; the largest token in it.</summary>
    /// <exception cref="InputException">The file is missing, or has another length than it had.</exception>
    public long Read(int file, long offset, Span<long> destination)
    {
        var mapping = Take(file);
        try
        {
            return mapping.Tokens.Read(offset, destination);
        }
        finally
        {
            GiveBack(mapping);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            while (order.Last is { } last)
                Drop(last);
        }
    }

    private Mapping Take(int file)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (known.TryGetValue(file, out var node))
            {
                order.Remove(node);
                order.AddFirst(node);
            }
            else
            {
                while (order.Count >= most)
                    Drop(order.Last!);
                node = known[file] = order.AddFirst(new Mapping(file, Map(files[file])));
            }

            node.Value.Readers++;
            return node.Value;
        }
    }

    private static MappedTokens Map(TokenFile file)
    {
        try
        {
            return new MappedTokens(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"The token file '{file.Path}' cannot be read any more: {exception.Message} Put it back as it was when the run began."
            );
        }
    }

    private void GiveBack(Mapping mapping)
    {
        lock (gate)
        {
            mapping.Readers--;
            if (mapping.IsDropped && mapping.Readers == 0)
                mapping.Tokens.Dispose();
        }
    }

    // What is being read is closed by its last reader.
    private void Drop(LinkedListNode<Mapping> node)
    {
        order.Remove(node);
        known.Remove(node.Value.File);
        node.Value.IsDropped = true;
        if (node.Value.Readers == 0)
            node.Value.Tokens.Dispose();
    }

    private sealed class Mapping(int file, MappedTokens tokens)
    {
        public int File { get; } = file;

        public MappedTokens Tokens { get; } = tokens;

        public int Readers { get; set; }

        public bool IsDropped { get; set; }
    }
}
