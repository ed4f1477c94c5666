namespace LowRank.Training.Documents;

/// <summary>
/// One reading of a file of records. A broken record is counted and passed over, unless a file begins with it: then the column or the
/// kind of file is likely another one than was meant, and the file is refused.
/// </summary>
/// <param name="file">The file's full path.</param>
/// <param name="column">What the column or member with the text is called; null for what it mostly is.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class RecordReading(string file, string? column = null, CancellationToken cancellation = default)
{
    private static readonly string[] UsualColumns = [TextOptions.UsualColumn, "content"];

    private readonly SortedDictionary<string, long> withoutText = new(StringComparer.Ordinal);
    private bool hasGood;
    private long broken;
    private string? first;

    public string File => file;

    /// <summary>What the column or member with the text may be called; the first one that is there holds it.</summary>
    public IReadOnlyList<string> Columns { get; } = column is null ? UsualColumns : [column];

    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether records shall say what they know of their text.</summary>
    public bool WithMetadata { get; init; }

    /// <summary>
    /// Whether a record is wanted as a JSON object, whatever it holds: as it is written, or made of a table's row. Whoever reads it then
    /// calls <see cref="Accept"/> or passes it over.
    /// </summary>
    public bool Whole => Members.Count > 0;

    /// <summary>The members that such an object is read for: of a table with columns apart no others are read. Empty for a text.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>What a record looks like, for advice.</summary>
    public string Example => Whole ? "{\"messages\": […]}" : "{\"text\": \"…\"}";

    public ReadingLimits Limits { get; init; } = ReadingLimits.Usual;

    /// <summary>What was passed over so far as broken; null for nothing.</summary>
    public BrokenRecords? Broken => first is null ? null : new BrokenRecords(broken, first);

    /// <summary>Records that are as they should be and give no text all the same, such as pages without any, by reason.</summary>
    public IReadOnlyDictionary<string, long> WithoutText => withoutText;

    /// <summary>Where the metadata of a record is to be put; null if nobody asks for it.</summary>
    public RecordMetadata? NewMetadata() => WithMetadata ? new RecordMetadata() : null;

    /// <summary>Notes a record that is as it should be, also one whose text is empty.</summary>
    public void Accept() => hasGood = true;

    /// <summary>Notes one that is as it should be but gives no text, for a reason in a few words.</summary>
    public void AcceptWithoutText(string reason)
    {
        hasGood = true;
        withoutText[reason] = withoutText.GetValueOrDefault(reason) + 1;
    }

    /// <summary>Passes over one that is no text.</summary>
    /// <param name="what">Where it is and what is wrong, without a full stop.</param>
    /// <param name="fault">Why the file isn't read, if this is its first record.</param>
    /// <exception cref="UnusableTextException">It is the first record.</exception>
    public void PassOver(string what, UnusableTextException fault)
    {
        if (!hasGood)
            throw fault;

        Count(what);
    }

    /// <summary>Passes over a broken record.</summary>
    /// <param name="what">Where it is and what is wrong, without a full stop.</param>
    /// <param name="reason">Why the file isn't read, if this is its first record.</param>
    /// <param name="advice">What to do then: a sentence.</param>
    /// <exception cref="UnusableTextException">It is the first record.</exception>
    public void PassOver(string what, string reason, FormattableString advice)
    {
        if (!hasGood)
            throw UnusableTextException.Naming(reason, $"{what}. {advice}");

        Count(what);
    }

    private void Count(string what)
    {
        broken++;
        first ??= what;
    }
}
