using System.Globalization;

namespace LowRank.Training.Data;

/// <summary>What a model reads: rows of tokens, each with the token that follows it as its target. Reading is safe for threads.</summary>
/// <param name="context">Tokens of a row.</param>
internal abstract class TokenRows(int context)
{
    /// <summary>Tokens of a row.</summary>
    public int Context { get; } = context;

    /// <summary>Number of rows.</summary>
    public abstract long Count { get; }

    /// <summary>Whether all targets of all rows count in the loss.</summary>
    public virtual bool CountsAll => true;

    /// <summary>How many of a row's targets count in the loss.</summary>
    public virtual int CountedOf(long row) => Context;

    /// <summary>Where the documents of a row begin; null where nothing but its tokens says so.</summary>
    public virtual IReadOnlyList<int>? StartsOf(long row) => null;

    /// <summary>Fills a row each, of context tokens. A target that doesn't count is PyTorch's <c>ignore_index</c>, −100.</summary>
    public abstract void Read(long row, Span<long> inputs, Span<long> targets);

    /// <summary>Checks that the spans hold <paramref name="count"/> rows of context tokens.</summary>
    public void CheckRoom(int count, Span<long> inputs, Span<long> targets)
    {
        var expected = (long)count * Context;
        if (inputs.Length != expected || targets.Length != expected)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} windows of context {Context} fill {expected} inputs and targets, not {inputs.Length} and {targets.Length}."
                )
            );
        }
    }
}
