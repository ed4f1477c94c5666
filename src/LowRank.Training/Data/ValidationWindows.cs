namespace LowRank.Training.Data;

/// <summary>
/// The windows of the validation text, or its packed rows, in order and the same at every evaluation. When fewer are wanted than there
/// are, they are spread evenly over the text. Safe for threads.
/// </summary>
internal sealed class ValidationWindows
{
    private readonly TokenRows rows;

    /// <param name="tokens">The validation text.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="most">The most windows to use.</param>
    /// <exception cref="InputException">The text has fewer tokens than one window needs.</exception>
    public ValidationWindows(TokenSequence tokens, int context, int most = int.MaxValue)
        : this(new TokenWindows(tokens, context, "validation text"), most) { }

    private ValidationWindows(TokenRows rows, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        this.rows = rows;
        Count = (int)Math.Min(rows.Count, most);
        Tokens = rows.CountsAll
            ? (long)Count * rows.Context
            : Enumerable.Range(0, Count).Sum(window => (long)rows.CountedOf(RowOf(window)));
    }

    /// <summary>Those of a text that is no mixture.</summary>
    /// <param name="data">The text.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="most">The most windows to use.</param>
    /// <param name="source">The source of a mixture that it is; null for none.</param>
    /// <exception cref="InputException">
    /// The text has fewer tokens than one window needs, or no example of which anything counts.
    /// </exception>
    public static ValidationWindows Of(TokenDataset data, int context, int most = int.MaxValue, string? source = null) =>
        new(data.ValidationRows(context, source), most);

    /// <summary>Number of windows of a text, all of a mixture's sources together.</summary>
    /// <exception cref="InputException">A text has fewer tokens than one window needs.</exception>
    public static long CountOf(TokenDataset data, int context) =>
        data.Mixture is { } mixture
            ? mixture.Sources.Select((source, i) => (long)Of(source, context, source: mixture.Names[i]).Count).Sum()
            : Of(data, context).Count;

    /// <summary>Number of windows.</summary>
    public int Count { get; }

    /// <summary>Number of predicted tokens in all windows that count.</summary>
    public long Tokens { get; }

    /// <summary>Tokens of a window.</summary>
    public int Context => rows.Context;

    /// <summary>
    /// Reads the windows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1.
    /// </summary>
    /// <param name="first">The first window.</param>
    /// <param name="count">Number of windows.</param>
    /// <param name="endOfText">The token behind which a document begins, where they are kept apart; or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The windows are not within <see cref="Count"/>.</exception>
    public RowBatch Read(int first, int count, long? endOfText)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        return RowBatch.Read([.. Enumerable.Range(first, count).Select(window => (rows, RowOf(window)))], endOfText);
    }

    /// <summary>
    /// The same into <paramref name="inputs"/> and <paramref name="targets"/>, <c>[count, context]</c> row by row.
    /// </summary>
    /// <exception cref="ArgumentException">The spans are not of that size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The windows are not within <see cref="Count"/>.</exception>
    public void Read(int first, int count, Span<long> inputs, Span<long> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        rows.CheckRoom(count, inputs, targets);
        for (var row = 0; row < count; row++)
        {
            var start = row * Context;
            rows.Read(RowOf(first + row), inputs.Slice(start, Context), targets.Slice(start, Context));
        }
    }

    private long RowOf(int window) => (long)((Int128)window * rows.Count / Count);
}
