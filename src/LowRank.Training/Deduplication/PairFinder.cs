namespace LowRank.Training.Deduplication;

/// <summary>Finds pairs among records in ascending order: neighbors with the same signature.</summary>
/// <param name="signatureWords">Words of a record before its document.</param>
/// <param name="destination">Takes the two documents of each pair.</param>
internal sealed class PairFinder(int signatureWords, RecordFileWriter destination)
{
    /// <summary>Words that are written for a pair: its documents as <see cref="DocumentNode"/>s.</summary>
    public const int WordsPerPair = 2;

    private readonly ulong[] last = new ulong[signatureWords + 1];
    private bool hasLast;

    /// <summary>Number of pairs.</summary>
    public long Pairs { get; private set; }

    /// <summary>Takes the next record.</summary>
    public void Add(ReadOnlySpan<ulong> record)
    {
        if (hasLast && record[..signatureWords].SequenceEqual(last.AsSpan(0, signatureWords)))
        {
            destination.Write([last[signatureWords], record[signatureWords]]);
            Pairs++;
        }

        record.CopyTo(last);
        hasLast = true;
    }
}
