using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LowRank.Training.Deduplication;

/// <summary>Reads the records of one section of a file that <see cref="RecordFileWriter"/> wrote, piece by piece.</summary>
internal sealed class RecordReader : IDisposable
{
    private const int BufferRecords = 1 << 10;

    private readonly RecordSource source;
    private readonly SafeFileHandle file;
    private readonly int wordsPerRecord;
    private readonly ulong[] buffer;
    private readonly XxHash3 hash = new();
    private readonly ulong expectedHash;

    private long position;
    private long left;
    private int begin;
    private int end;

    /// <param name="source">Which section of which file.</param>
    /// <param name="wordsPerRecord">64-bit words of a record.</param>
    /// <param name="sections">Sections that the file must have; null for any number.</param>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public RecordReader(RecordSource source, int wordsPerRecord, int? sections = null)
    {
        (this.source, this.wordsPerRecord) = (source, wordsPerRecord);
        buffer = new ulong[BufferRecords * wordsPerRecord];
        file = Open(source.Path);
        try
        {
            (position, left, expectedHash) = Find(sections);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The record that was read; valid until the next is.</summary>
    public ReadOnlySpan<ulong> Current => buffer.AsSpan(begin - wordsPerRecord, wordsPerRecord);

    /// <summary>Number of records that haven't been read.</summary>
    public long Left => (left + end - begin) / wordsPerRecord;

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end of the section.</returns>
    /// <exception cref="InputException">The section isn't what was written.</exception>
    public bool Read()
    {
        if (begin == end && !Fill())
            return false;
        begin += wordsPerRecord;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private bool Fill()
    {
        if (left == 0)
            return false;
        var words = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
        ReadAt(position, words);
        hash.Append(MemoryMarshal.AsBytes(words));
        LittleEndian.Convert(words);
        position += (long)words.Length * sizeof(ulong);
        left -= words.Length;
        (begin, end) = (0, words.Length);
        if (left == 0 && hash.GetCurrentHashAsUInt64() != expectedHash)
            throw Damaged();
        return true;
    }

    // The section's place, its words and their hash, from behind.
    private (long Position, long Words, ulong Hash) Find(int? expectedSections)
    {
        var length = RandomAccess.GetLength(file);
        Span<ulong> closing = stackalloc ulong[RecordFileWriter.ClosingWords];
        var closingAt = length - closing.Length * sizeof(ulong);
        if (closingAt < 0 || length % sizeof(ulong) != 0)
            throw Damaged();
        ReadAt(closingAt, closing);
        LittleEndian.Convert(closing);
        var sections = closing[0];
        if (closing[2] != RecordFileWriter.Mark || closing[1] != (ulong)wordsPerRecord || sections > (ulong)length / 16)
            throw Damaged();
        if (source.Section >= (long)sections || (expectedSections ?? (long)sections) != (long)sections)
            throw Damaged();
        var directory = new ulong[sections * 2];
        var directoryAt = closingAt - directory.Length * sizeof(ulong);
        if (directoryAt < 0)
            throw Damaged();
        ReadAt(directoryAt, directory);
        LittleEndian.Convert(directory);
        return Place(directory, directoryAt);
    }

    private (long Position, long Words, ulong Hash) Place(ulong[] directory, long directoryAt)
    {
        var (before, all) = (0UL, 0UL);
        for (var section = 0; section < directory.Length / 2; section++)
        {
            if (section == source.Section)
                before = all;
            var words = directory[section * 2];
            if (words % (ulong)wordsPerRecord != 0 || words > (ulong)directoryAt)
                throw Damaged();
            all += words;
        }

        if (all * sizeof(ulong) != (ulong)directoryAt)
            throw Damaged();
        return ((long)before * sizeof(ulong), (long)directory[source.Section * 2], directory[source.Section * 2 + 1]);
    }

    private void ReadAt(long offset, Span<ulong> words)
    {
        var bytes = MemoryMarshal.AsBytes(words);
        while (!bytes.IsEmpty)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0)
                throw Damaged();
            bytes = bytes[count..];
            offset += count;
        }
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw InputException.Naming($"'{path}' is missing; run the step again that writes it.");
        }
    }

    private InputException Damaged() =>
        InputException.Naming(
            $"'{source.Path}' is damaged, or was written with other options; delete it and run the step again that writes it."
        );
}
