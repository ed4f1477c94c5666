using LowRank.Layers;
using LowRank.Training.Data.Mixtures;

namespace LowRank.Training.Data;

/// <summary>
/// Decides which windows of the training text each step sees. Every window comes once an epoch, in an order shuffled anew for each
/// epoch; of examples the rows that they are packed into. What a step sees depends on nothing but its number and the seed, so that a
/// resumed run goes on with exactly the same data.
/// Of a mixture each source has epochs of its own, and its share of the sequences. Safe for threads.
/// </summary>
public sealed class BatchSampler
{
    private readonly TokenRows[] sources;
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
        : this([new TokenWindows(tokens, context, "training text")], [1], sequencesPerStep, seed) { }

    /// <param name="data">The text, whose sources are read by weight where it is a mixture; or examples.</param>
    /// <param name="context">Tokens in a window.</param>
    /// <param name="sequencesPerStep">Windows in one optimizer step, over all micro-batches and processes.</param>
    /// <param name="seed">Chooses the order.</param>
    /// <exception cref="InputException">A training text has fewer tokens than one window needs, or no example has a token that
    /// counts.</exception>
    public BatchSampler(TokenDataset data, int context, int sequencesPerStep, long seed)
        : this(Rows(data, context), data.Mixture?.Parts ?? [1], sequencesPerStep, seed) { }

    private BatchSampler(TokenRows[] sources, IReadOnlyList<int> parts, int sequencesPerStep, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequencesPerStep);
        this.sources = sources;
        order = new MixtureOrder(parts, seed);
        context = sources[0].Context;
        this.sequencesPerStep = sequencesPerStep;
        this.seed = seed;
    }

    private static TokenRows[] Rows(TokenDataset data, int context) =>
        data.Mixture is { } mixture
            ? [.. mixture.Sources.Select((source, i) => source.TrainingRows(context, mixture.Names[i]))]
            : [data.TrainingRows(context)];

    /// <summary>How many targets of a step count in the loss, over all micro-batches and processes; never 0.</summary>
    internal long CountedOf(long step)
    {
        if (Array.TrueForAll(sources, source => source.CountsAll))
            return (long)sequencesPerStep * context;
        long counted = 0;
        for (var index = 0; index < sequencesPerStep; index++)
        {
            var (source, row) = WindowAt(step, index);
            counted += sources[source].CountedOf(row);
        }

        return counted;
    }

    /// <summary>Reads sequences of a step, with the documents that they hold.</summary>
    /// <param name="step">The step.</param>
    /// <param name="firstSequence">The first of its sequences.</param>
    /// <param name="count">How many.</param>
    /// <param name="endOfText">The token behind which a document begins, where they are kept apart; or null.</param>
    internal RowBatch Read(long step, int firstSequence, int count, long? endOfText)
    {
        var rows = new (TokenRows, long)[count];
        for (var index = 0; index < count; index++)
        {
            var (source, row) = WindowAt(step, firstSequence + index);
            rows[index] = (sources[source], row);
        }

        return RowBatch.Read(rows, endOfText);
    }

    /// <summary>
    /// The documents of a step's sequences, which don't see each other: those of examples, or those between end-of-text tokens.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="firstSequence">The first of its sequences.</param>
    /// <param name="count">How many.</param>
    /// <param name="endOfText">The token behind which a document of a text begins; null where a sequence is one text. Examples are kept
    /// apart
    /// in any case.</param>
    /// <returns>What the caller disposes; null where each sequence is one document.</returns>
    public PackedDocuments? DocumentsOf(long step, int firstSequence, int count, int? endOfText = null) =>
        Read(step, firstSequence, count, (long?)endOfText).Documents;

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
