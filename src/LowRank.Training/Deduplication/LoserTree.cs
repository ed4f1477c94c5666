namespace LowRank.Training.Deduplication;

/// <summary>
/// Finds the least record of many sorted readers again and again, with one comparison per level of a tree: each node remembers who lost
/// there (Knuth, The Art of Computer Programming, volume 3, 5.4.1).
/// </summary>
internal sealed class LoserTree
{
    private readonly RecordReader[] readers;

    // The first word of each reader's record, which decides nearly always; the greatest at its end.
    private readonly ulong[] heads;
    private readonly bool[] ended;

    // Node 0 holds the winner of all.
    private readonly int[] losers;

    /// <param name="readers">None of which has been read from.</param>
    public LoserTree(RecordReader[] readers)
    {
        this.readers = readers;
        heads = new ulong[readers.Length];
        ended = new bool[readers.Length];
        losers = new int[Math.Max(1, readers.Length)];
        for (var reader = 0; reader < readers.Length; reader++)
            Read(reader);
        if (readers.Length > 0)
            losers[0] = Play(1);
    }

    /// <summary>The reader whose record is least; null when all have ended.</summary>
    public RecordReader? Winner => readers.Length == 0 || ended[losers[0]] ? null : readers[losers[0]];

    /// <summary>Reads on there.</summary>
    public void Advance()
    {
        var winner = losers[0];
        Read(winner);
        for (var node = (winner + readers.Length) / 2; node > 0; node /= 2)
        {
            if (IsLess(losers[node], winner))
                (losers[node], winner) = (winner, losers[node]);
        }

        losers[0] = winner;
    }

    // Leaves have the numbers from the count of readers on.
    private int Play(int node)
    {
        if (node >= readers.Length)
            return node - readers.Length;
        var (left, right) = (Play(2 * node), Play(2 * node + 1));
        var leftWins = !IsLess(right, left);
        losers[node] = leftWins ? right : left;
        return leftWins ? left : right;
    }

    private void Read(int reader)
    {
        ended[reader] = !readers[reader].Read();
        heads[reader] = ended[reader] ? ulong.MaxValue : readers[reader].Current[0];
    }

    private bool IsLess(int left, int right)
    {
        if (heads[left] != heads[right])
            return heads[left] < heads[right];
        if (ended[left] || ended[right])
            return !ended[left];
        return readers[left].Current.SequenceCompareTo(readers[right].Current) < 0;
    }
}
