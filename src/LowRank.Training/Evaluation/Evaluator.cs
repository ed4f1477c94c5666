using LowRank.Models;
using LowRank.Training.Data;

namespace LowRank.Training.Evaluation;

/// <summary>The loss of a model on a held-out text.</summary>
public static class Evaluator
{
    // Large enough for full-speed products, small enough for any memory.
    private const int TokensPerBatch = 4096;

    /// <summary>Mean cross-entropy of the next token over windows spread evenly across a shard.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shard">The text.</param>
    /// <param name="context">Tokens in one sequence.</param>
    /// <param name="sequences">Number of sequences at most.</param>
    /// <returns>The loss in nats per token, and the number of tokens.</returns>
    /// <exception cref="InputException">The text is shorter than one sequence.</exception>
    public static (double Loss, long Tokens) Evaluate(LanguageModel model, TokenShard shard, int context, int sequences) =>
        Evaluate(model, shard, context, sequences, CancellationToken.None);

    /// <summary>As <see cref="Evaluate(LanguageModel, TokenShard, int, int)"/>, unless it is stopped.</summary>
    /// <exception cref="OperationCanceledException">It is.</exception>
    internal static (double Loss, long Tokens) Evaluate(
        LanguageModel model,
        TokenShard shard,
        int context,
        int sequences,
        CancellationToken stop
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        var windows = new ValidationWindows(shard, context, sequences);
        var batch = Math.Max(1, TokensPerBatch / context);
        var total = 0.0;
        for (var first = 0; first < windows.Count; first += batch)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(batch, windows.Count - first);
            var inputs = new long[count * context];
            var targets = new long[count * context];
            windows.Read(first, count, inputs, targets);
            using var inputTensor = TokenTensor.Create(inputs, count, context, model.Options.Device);
            using var targetTensor = TokenTensor.Create(targets, count, context, model.Options.Device);
            total += NextTokenLoss.Sum(model, inputTensor, targetTensor);
        }

        return (total / windows.Tokens, windows.Tokens);
    }
}
