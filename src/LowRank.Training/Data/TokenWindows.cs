using System.Globalization;

namespace LowRank.Training.Data;

/// <summary>
/// Cuts a text into windows that do not overlap: window <c>i</c> has the inputs <c>[i·context, (i+1)·context)</c>, and as targets the
/// same moved on by one token.
/// </summary>
internal sealed class TokenWindows
{
    private readonly TokenSequence tokens;
    private readonly int context;

    /// <exception cref="InputException">The text has fewer tokens than one window needs.</exception>
    public TokenWindows(TokenSequence tokens, int context, string text)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(context);
        this.tokens = tokens;
        this.context = context;
        Count = (tokens.Count - 1) / context;
        if (Count < 1)
        {
            throw new InputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {text} has {tokens.Count} tokens, but one window of context {context} needs {context + 1L}; give more text, hold out a different share for validation, or declare a shorter context."
                )
            );
        }
    }

    /// <summary>Number of whole windows.</summary>
    public long Count { get; }

    /// <summary>Fills one row each, of context tokens.</summary>
    public void Read(long window, Span<long> inputs, Span<long> targets)
    {
        var start = window * context;
        tokens.Read(start, inputs);
        inputs[1..].CopyTo(targets);
        tokens.Read(start + context, targets[^1..]);
    }

    /// <summary>Checks that the spans hold <paramref name="count"/> rows of context tokens.</summary>
    public void CheckRoom(int count, Span<long> inputs, Span<long> targets)
    {
        var expected = (long)count * context;
        if (inputs.Length != expected || targets.Length != expected)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} windows of context {context} fill {expected} inputs and targets, not {inputs.Length} and {targets.Length}."
                )
            );
        }
    }
}
