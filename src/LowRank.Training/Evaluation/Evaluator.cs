using LowRank.Models;
using LowRank.Training.Data;
using LowRank.Training.Distributed;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;

namespace LowRank.Training.Evaluation;

/// <summary>The loss of a model on a held-out text.</summary>
public static class Evaluator
{
    // Large enough for full-speed products, small enough for any memory.
    private const int TokensPerBatch = 4096;

    /// <summary>Mean cross-entropy of the next token over windows spread evenly across a text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="context">Tokens in one sequence.</param>
    /// <param name="sequences">Number of sequences at most.</param>
    /// <returns>The loss in nats per token, and the number of tokens.</returns>
    /// <exception cref="InputException">The text is shorter than one sequence.</exception>
    public static (double Loss, long Tokens) Evaluate(LanguageModel model, TokenSequence tokens, int context, int sequences)
    {
        var (loss, count, _) = Measure(model, new ValidationWindows(tokens, context, sequences), sizes: null, CancellationToken.None);
        return (loss, count);
    }

    // Over windows, unless it is stopped.
    private static (double Loss, long Tokens, double BytesPerToken) Measure(
        LanguageModel model,
        ValidationWindows windows,
        TokenSizes? sizes,
        CancellationToken stop,
        ProcessGroup? group = null,
        long? endOfText = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        using var mode = EvaluationMode.Of(model);
        var context = windows.Context;
        var batch = Math.Max(1, TokensPerBatch / context);
        var (total, bytes) = (0.0, 0L);
        // Each rank measures its share of the batches.
        for (var first = batch * (group?.Rank ?? 0); first < windows.Count; first += batch * (group?.World ?? 1))
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(batch, windows.Count - first);
            using var rows = windows.Read(first, count, endOfText);
            for (var row = 0; sizes is not null && row < count; row++)
                bytes += sizes.Behind(rows.Inputs[row * context], rows.Targets.AsSpan(row * context, context));
            using var inputs = TokenTensor.Create(rows.Inputs, count, context, model.Options.Device);
            using var targets = TokenTensor.Create(rows.Targets, count, context, model.Options.Device);
            total += NextTokenLoss.Sum(model, inputs, targets, rows.Documents);
        }

        Span<double> sum = [total, bytes];
        group?.Collectives.Sum(sum);
        return (sum[0] / windows.Tokens, windows.Tokens, sum[1] / windows.Tokens);
    }

    /// <summary>
    /// The loss on a text's validation split. Of a mixture each source is measured by itself, on its share of the sequences; the loss of
    /// the whole is the mean by weight, which is what a sequence drawn as in training costs.
    /// </summary>
    /// <exception cref="InputException">A source's split is shorter than one sequence, or no example has a token that counts.</exception>
    /// <param name="model">The model.</param>
    /// <param name="data">The text.</param>
    /// <param name="context">Tokens in one sequence.</param>
    /// <param name="sequences">Number of sequences at most.</param>
    /// <param name="group">The processes that measure it together; null for one alone.</param>
    /// <param name="documentMasks">Whether the documents of a sequence don't see each other; those of examples never do.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="OperationCanceledException">It is stopped.</exception>
    internal static TextLoss Evaluate(
        LanguageModel model,
        TokenDataset data,
        int context,
        int sequences,
        ProcessGroup? group = null,
        bool documentMasks = false,
        CancellationToken stop = default
    )
    {
        var sizes = new TokenSizes(data.Tokenizer);
        var endOfText = RowBatch.EndOfText(data.Tokenizer, documentMasks);
        if (data.Mixture is not { } mixture)
        {
            var (loss, tokens, bytes) = Measure(model, ValidationWindows.Of(data, context, sequences), sizes, stop, group, endOfText);
            return new TextLoss(loss, tokens, bytes, Sources: null);
        }

        var sources = new List<SourceLoss>();
        for (var source = 0; source < mixture.Sources.Count; source++)
        {
            var share = (int)Math.Max(1, Math.Round(sequences * mixture.Share(source)));
            var windows = ValidationWindows.Of(mixture.Sources[source], context, share, mixture.Names[source]);
            var (loss, tokens, bytes) = Measure(model, windows, sizes, stop, group, endOfText);
            sources.Add(new SourceLoss(mixture.Names[source], loss, tokens) { BytesPerToken = bytes });
        }

        return new TextLoss(
            sources.Select((source, i) => mixture.Share(i) * source.Loss).Sum(),
            sources.Sum(source => source.Tokens),
            sources.Select((source, i) => mixture.Share(i) * source.BytesPerToken!.Value).Sum(),
            sources
        );
    }
}
