using System.IO.Hashing;
using System.Runtime.InteropServices;
using LowRank.Training.Files;

namespace LowRank.Training.Deduplication;

/// <summary>
/// Writes a file of records, each a fixed number of 64-bit words, little-endian, in sections one after another. Behind them stand for
/// each section the number of its words and their XXH3, then the number of sections, the words of a record and the format's mark.
/// Who disposes of it before it is complete removes the file, which lies in a <see cref="TaskScratch"/>.
/// </summary>
internal sealed class RecordFileWriter : IDisposable
{
    /// <summary>Ends every such file: "LRdupls" and the format's version.</summary>
    public const ulong Mark = 0x01_73_6C_70_75_64_52_4C;

    /// <summary>Words behind the sections that aren't about a single one.</summary>
    public const int ClosingWords = 3;

    private const int BufferWords = 1 << 15;

    private readonly string path;
    private readonly int wordsPerRecord;
    private readonly FileStream stream;
    private readonly ulong[] buffer = new ulong[BufferWords];
    private readonly List<ulong> directory = [];
    private readonly XxHash3 hash = new();
    private int buffered;
    private ulong words;

    /// <param name="path">Where it is written.</param>
    /// <param name="wordsPerRecord">64-bit words of a record.</param>
    public RecordFileWriter(string path, int wordsPerRecord)
    {
        (this.path, this.wordsPerRecord) = (path, wordsPerRecord);
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    /// <summary>Adds records to the section.</summary>
    /// <param name="records">Whole ones.</param>
    public void Write(ReadOnlySpan<ulong> records)
    {
        words += (ulong)records.Length;
        while (!records.IsEmpty)
        {
            var count = Math.Min(records.Length, BufferWords - buffered);
            records[..count].CopyTo(buffer.AsSpan(buffered));
            buffered += count;
            records = records[count..];
            if (buffered == BufferWords)
                Flush();
        }
    }

    /// <summary>Ends a section, which may be empty, and begins the next.</summary>
    public void EndSection()
    {
        Flush();
        directory.Add(words);
        directory.Add(hash.GetCurrentHashAsUInt64());
        hash.Reset();
        words = 0;
    }

    /// <summary>Ends the file; nothing can be written afterwards.</summary>
    public void Complete()
    {
        WriteDirectory();
        stream.Dispose();
    }

    /// <summary>Ends the file and gives it another name, under which it stands whole or not at all.</summary>
    /// <param name="final">A path on the same disk; its folder is made.</param>
    public void CompleteAs(string final)
    {
        var folder = Path.GetDirectoryName(final)!;
        Directory.CreateDirectory(folder);
        WriteDirectory();
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(path, final, overwrite: true);
        FolderFlush.ToDisk(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private void WriteDirectory()
    {
        var sections = (ulong)directory.Count / 2;
        directory.AddRange([sections, (ulong)wordsPerRecord, Mark]);
        Write(CollectionsMarshal.AsSpan(directory));
        Flush();
    }

    private void Flush()
    {
        LittleEndian.Convert(buffer.AsSpan(0, buffered));
        var bytes = MemoryMarshal.AsBytes(buffer.AsSpan(0, buffered));
        hash.Append(bytes);
        stream.Write(bytes);
        buffered = 0;
    }
}
