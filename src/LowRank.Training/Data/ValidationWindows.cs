namespace LowRank.Training.Data;

/// <summary>
/// The windows of the validation text, in order and the same at every evaluation. When fewer are wanted than there are, they are spread
/// evenly over the text. Safe for threads.
/// </summary>
internal sealed class ValidationWindows
{
    private readonly TokenWindows windows;
    private readonly int context;

    /// <param name="tokens">The validation text.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="most">The most windows to use.</param>
    /// <param name="source">The source of a mixture that the text belongs to; null for none.</param>
    /// <exception cref="InputException">The text has fewer tokens than one window needs.</exception>
    public ValidationWindows(TokenSequence tokens, int context, int most = int.MaxValue, string? source = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        windows = new TokenWindows(tokens, context, source is null ? "validation text" : $"validation text of '{source}'");
        this.context = context;
        Count = (int)Math.Min(windows.Count, most);
    }

    /// <summary>Number of windows of a text, all of a mixture's sources together.</summary>
    /// <exception cref="InputException">A text has fewer tokens than one window needs.</exception>
    public static long CountOf(TokenDataset data, int context) =>
        data.Mixture is { } mixture
            ? mixture
                .Sources.Select((source, i) => (long)new ValidationWindows(source.Validation, context, source: mixture.Names[i]).Count)
                .Sum()
            : new ValidationWindows(data.Validation, context).Count;

    /// <summary>Number of windows.</summary>
    public int Count { get; }

    /// <summary>Number of predicted tokens in all windows.</summary>
    public long Tokens => (long)Count * context;

    /// <summary>
    /// Reads the windows <paramref name="first"/> … <paramref name="first"/> + <paramref name="count"/> − 1 into
    /// <paramref name="inputs"/> and <paramref name="targets"/>, <c>[count, context]</c> row by row.
    /// </summary>
    /// <exception cref="ArgumentException">The spans are not of that size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The windows are not within <see cref="Count"/>.</exception>
    public void Read(int first, int count, Span<long> inputs, Span<long> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        windows.CheckRoom(count, inputs, targets);
        for (var row = 0; row < count; row++)
        {
            var start = row * context;
            var window = (long)((Int128)(first + row) * windows.Count / Count);
            windows.Read(window, inputs.Slice(start, context), targets.Slice(start, context));
        }
    }
}
