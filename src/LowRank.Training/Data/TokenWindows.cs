using System.Globalization;

namespace LowRank.Training.Data;

/// <summary>
/// Cuts a text into windows that do not overlap: window <c>i</c> has the inputs <c>[i·context, (i+1)·context)</c>, and as targets the
/// same moved on by one token.
/// </summary>
internal sealed class TokenWindows : TokenRows
{
    private readonly TokenSequence tokens;

    /// <exception cref="InputException">The text has fewer tokens than one window needs.</exception>
    public TokenWindows(TokenSequence tokens, int context, string text)
        : base(context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(context);
        this.tokens = tokens;
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
    public override long Count { get; }

    /// <inheritdoc/>
    public override void Read(long row, Span<long> inputs, Span<long> targets)
    {
        var start = row * Context;
        tokens.Read(start, inputs);
        inputs[1..].CopyTo(targets);
        tokens.Read(start + Context, targets[^1..]);
    }
}
