namespace LowRank.Training.Data;

/// <summary>
/// Decides which windows of the training text each step sees. Every window comes once an epoch, in an order shuffled anew for each
/// epoch; what a step sees depends on nothing but its number and the seed, so that a resumed run goes on with exactly the same data.
/// Safe for threads.
/// </summary>
public sealed class BatchSampler
{
    private readonly TokenWindows windows;
    private readonly int context;
    private readonly int sequencesPerStep;
    private readonly long seed;

    /// <param name="shard">The training text.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="sequencesPerStep">Windows in one optimizer step, over all micro-batches and processes.</param>
    /// <param name="seed">Chooses the order.</param>
    /// <exception cref="InputException">The shard has fewer tokens than one window needs.</exception>
    public BatchSampler(TokenShard shard, int context, int sequencesPerStep, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequencesPerStep);
        windows = new TokenWindows(shard, context, "training");
        this.context = context;
        this.sequencesPerStep = sequencesPerStep;
        this.seed = seed;
    }

    /// <summary>Windows in one pass over the text; the last tokens, too few for a window, are left out.</summary>
    internal long WindowsPerEpoch => windows.Count;

    /// <summary>The window that sequence <paramref name="index"/> of step <paramref name="step"/> reads, both from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or the index not below the sequences of a step.</exception>
    internal long WindowAt(long step, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, sequencesPerStep);
        var (epoch, position) = Math.DivRem(checked((step * sequencesPerStep) + index), WindowsPerEpoch);
        return new IndexPermutation(WindowsPerEpoch, seed, epoch)[position];
    }

    /// <summary>
    /// Reads sequences <paramref name="firstSequence"/> … <paramref name="firstSequence"/> + <paramref name="count"/> − 1 of a step.
    /// <paramref name="inputs"/> and <paramref name="targets"/> are <c>[count, context]</c>, row by row; a target is the token after its
    /// input.
    /// </summary>
    /// <exception cref="ArgumentException">The spans are not of that size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sequences are not those of a step.</exception>
    public void Read(long step, int firstSequence, int count, Span<long> inputs, Span<long> targets)
    {
        windows.CheckRoom(count, inputs, targets);
        for (var row = 0; row < count; row++)
        {
            var start = row * context;
            windows.Read(WindowAt(step, firstSequence + row), inputs.Slice(start, context), targets.Slice(start, context));
        }
    }
}
