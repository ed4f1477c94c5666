using LowRank.Training.Data.Mixtures;

namespace LowRank.Training.Data;

/// <summary>
/// Decides which windows of the training text each step sees. Every window comes once an epoch, in an order shuffled anew for each
/// epoch; what a step sees depends on nothing but its number and the seed, so that a resumed run goes on with exactly the same data.
/// Of a mixture each source has epochs of its own, and its share of the sequences. Safe for threads.
/// </summary>
public sealed class BatchSampler
{
    private readonly TokenWindows[] sources;
    private readonly MixtureOrder order;
    private readonly int context;
    private readonly int sequencesPerStep;
    private readonly long seed;

    /// <param name="tokens">The training text.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="sequencesPerStep">Windows in one optimizer step, over all micro-batches and processes.</param>
    /// <param name="seed">Chooses the order.</param>
    /// <exception cref="InputException">The text has fewer tokens than one window needs.</exception>
    public BatchSampler(TokenSequence tokens, int context, int sequencesPerStep, long seed)
        : this([(tokens, "training text")], [1], context, sequencesPerStep, seed) { }

    /// <param name="data">The text, whose sources are read by weight where it is a mixture.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="sequencesPerStep">Windows in one optimizer step, over all micro-batches and processes.</param>
    /// <param name="seed">Chooses the order.</param>
    /// <exception cref="InputException">A training text has fewer tokens than one window needs.</exception>
    public BatchSampler(TokenDataset data, int context, int sequencesPerStep, long seed)
        : this(
            data.Mixture is { } mixture
                ? [.. mixture.Sources.Select((source, i) => (source.Training, $"training text of '{mixture.Names[i]}'"))]
                : [(data.Training, "training text")],
            data.Mixture?.Parts ?? [1],
            context,
            sequencesPerStep,
            seed
        ) { }

    private BatchSampler(
        IReadOnlyList<(TokenSequence Tokens, string Name)> texts,
        IReadOnlyList<int> parts,
        int context,
        int sequencesPerStep,
        long seed
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequencesPerStep);
        sources = [.. texts.Select(text => new TokenWindows(text.Tokens, context, text.Name))];
        order = new MixtureOrder(parts, seed);
        this.context = context;
        this.sequencesPerStep = sequencesPerStep;
        this.seed = seed;
    }

    /// <summary>Number of texts that are read by weight; 1 where it is no mixture.</summary>
    internal int Sources => sources.Length;

    /// <summary>Windows in one pass over a source; the last tokens, too few for a window, are left out.</summary>
    internal long WindowsPerEpoch(int source = 0) => sources[source].Count;

    /// <summary>How often so many steps read a source.</summary>
    internal double Epochs(int source, long steps) => (double)((decimal)SequencesOf(source, steps) / WindowsPerEpoch(source));

    /// <summary>How many sequences so many steps read of a source.</summary>
    internal long SequencesOf(int source, long steps) => order.CountOf(source, checked(steps * sequencesPerStep));

    /// <summary>
    /// The source and its window that sequence <paramref name="index"/> of step <paramref name="step"/> reads, all from 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative, or the index not below the sequences of a step.</exception>
    internal (int Source, long Window) WindowAt(long step, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, sequencesPerStep);
        var (source, read) = order[checked((step * sequencesPerStep) + index)];
        var (epoch, position) = Math.DivRem(read, WindowsPerEpoch(source));
        return (source, new IndexPermutation(WindowsPerEpoch(source), unchecked(seed + source), epoch)[position]);
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
        sources[0].CheckRoom(count, inputs, targets);
        for (var row = 0; row < count; row++)
        {
            var start = row * context;
            var (source, window) = WindowAt(step, firstSequence + row);
            sources[source].Read(window, inputs.Slice(start, context), targets.Slice(start, context));
        }
    }
}
