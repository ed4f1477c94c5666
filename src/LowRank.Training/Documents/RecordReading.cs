namespace LowRank.Training.Documents;

/// <summary>
/// One reading of a file of records. A broken record is counted and passed over, unless a file begins with it: then the column or the
/// kind of file is likely another one than was meant, and the file is refused.
/// </summary>
/// <param name="file">The file's full path.</param>
/// <param name="column">What the column or member with the text is called.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class RecordReading(string file, string column, CancellationToken cancellation)
{
    private bool hasGood;
    private long broken;
    private string? first;

    public string File => file;

    public string Column => column;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What was passed over so far; null for nothing.</summary>
    public BrokenRecords? Broken => first is null ? null : new BrokenRecords(broken, first);

    /// <summary>Notes a record that is as it should be, also one whose text is empty.</summary>
    public void Accept() => hasGood = true;

    /// <summary>Passes over a broken record.</summary>
    /// <param name="what">Where it is and what is wrong, without a full stop.</param>
    /// <param name="reason">Why the file isn't read, if this is its first record.</param>
    /// <param name="advice">What to do then: a sentence.</param>
    /// <exception cref="UnusableTextException">It is the first record.</exception>
    public void PassOver(string what, string reason, FormattableString advice)
    {
        if (!hasGood)
            throw UnusableTextException.Naming(reason, $"{what}. {advice}");

        broken++;
        first ??= what;
    }
}
