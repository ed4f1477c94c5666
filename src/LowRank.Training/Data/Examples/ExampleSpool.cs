using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Data.Examples;

/// <summary>
/// Examples in a temporary file, until all of them are known and can be split: ids and whether each counts. The file goes with the object.
/// </summary>
internal sealed class ExampleSpool : IDisposable
{
    private readonly FileStream file;

    private ExampleSpool(FileStream file) => this.file = file;

    /// <summary>Number of examples.</summary>
    public long Examples { get; private set; }

    /// <summary>How many were passed over since nothing of them counts.</summary>
    public long Empty { get; private set; }

    public ulong LowestHash { get; private set; } = ulong.MaxValue;

    public ulong HighestHash { get; private set; }

    /// <summary>Reads the whole source.</summary>
    /// <exception cref="InputException">
    /// An example has an id that the tokenizer doesn't, or another number of marks than of ids.
    /// </exception>
    public static ExampleSpool Fill(
        string path,
        IExampleSource source,
        Tokenizer tokenizer,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var spool = new ExampleSpool(
            new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose)
        );
        try
        {
            var milestone = new Milestone(progress, "Reading examples");
            foreach (var example in source.ReadExamples(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                spool.Add(example, source.Description, tokenizer.VocabularySize);
                milestone.Reach(spool.file.Length);
            }

            return spool;
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>The examples in order, each with its hash. The arrays are used again for the next.</summary>
    public IEnumerable<(ArraySegment<int> Ids, ArraySegment<bool> Counts, ulong Hash)> ReadExamples()
    {
        file.Position = 0;
        var head = new byte[sizeof(int) + sizeof(ulong)];
        int[] ids = [];
        bool[] counts = [];
        while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (ids.Length < length)
                (ids, counts) = (new int[length], new bool[length]);
            file.ReadExactly(MemoryMarshal.AsBytes(ids.AsSpan(0, length)));
            file.ReadExactly(MemoryMarshal.AsBytes(counts.AsSpan(0, length)));
            yield return (new(ids, 0, length), new(counts, 0, length), BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(sizeof(int))));
        }
    }

    /// <summary>What decides whether an example is held out.</summary>
    internal static ulong HashOf(ReadOnlySpan<int> ids, ReadOnlySpan<bool> counts)
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(ids));
        hash.Append(MemoryMarshal.AsBytes(counts));
        return hash.GetCurrentHashAsUInt64();
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Add(TokenizedExample example, string description, int vocabulary)
    {
        var (ids, counts) = (example.Ids, example.Counts);
        var number = Examples + Empty + 1;
        if (ids.Count != counts.Count)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Example {number} of {description} has {ids.Count} tokens and says of {counts.Count} whether they count; an example says it of each."
                )
            );
        }

        int[] tokens = [.. ids];
        if (Array.FindIndex(tokens, id => id < 0 || id >= vocabulary) is >= 0 and var at)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Token {at} of example {number} of {description} is {tokens[at]}, but the tokenizer has {vocabulary} entries, numbered from 0; give the tokenizer that the example was made with."
                )
            );
        }

        bool[] counting = [.. counts];
        // The first token is never predicted.
        if (Array.IndexOf(counting, true, Math.Min(1, counting.Length)) < 0)
        {
            Empty++;
            return;
        }

        counting[0] = false;
        var value = HashOf(tokens, counting);
        Span<byte> head = stackalloc byte[sizeof(int) + sizeof(ulong)];
        BinaryPrimitives.WriteInt32LittleEndian(head, tokens.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[sizeof(int)..], value);
        file.Write(head);
        file.Write(MemoryMarshal.AsBytes(tokens.AsSpan()));
        file.Write(MemoryMarshal.AsBytes(counting.AsSpan()));
        Examples++;
        LowestHash = Math.Min(LowestHash, value);
        HighestHash = Math.Max(HighestHash, value);
    }
}
