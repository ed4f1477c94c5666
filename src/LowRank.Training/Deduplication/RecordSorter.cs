namespace LowRank.Training.Deduplication;

/// <summary>Sorts records by their words, the first word first. Buffers are kept.</summary>
/// <param name="wordsPerRecord">64-bit words of a record.</param>
internal sealed class RecordSorter(int wordsPerRecord)
{
    private ulong[] keys = [];
    private int[] order = [];

    /// <summary>Writes records in ascending order.</summary>
    public void Write(ReadOnlyMemory<ulong> records, RecordFileWriter destination)
    {
        var words = records.Span;
        foreach (var record in Order(records))
            destination.Write(words.Slice(record * wordsPerRecord, wordsPerRecord));
    }

    // The first words are hashes: they decide nearly always, and are sorted many times faster than whole records.
    private ReadOnlySpan<int> Order(ReadOnlyMemory<ulong> records)
    {
        var words = records.Span;
        var count = words.Length / wordsPerRecord;
        if (keys.Length < count)
            (keys, order) = (new ulong[count], new int[count]);
        for (var record = 0; record < count; record++)
            (keys[record], order[record]) = (words[record * wordsPerRecord], record);
        Array.Sort(keys, order, 0, count);
        for (var first = 0; first < count; )
        {
            var end = first + 1;
            while (end < count && keys[end] == keys[first])
                end++;
            if (end - first > 1)
                order.AsSpan(first, end - first).Sort((left, right) => Compare(records.Span, left, right));
            first = end;
        }

        return order.AsSpan(0, count);
    }

    private int Compare(ReadOnlySpan<ulong> words, int left, int right) =>
        words.Slice(left * wordsPerRecord, wordsPerRecord).SequenceCompareTo(words.Slice(right * wordsPerRecord, wordsPerRecord));
}
