using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Training.Evaluation;

/// <summary>
/// The cross-entropy of the next token over a large vocabulary, a chunk of rows at a time: the logits of all tokens, which dominate the
/// memory of small models, never exist at once. Head and loss are differentiated by hand, since that costs no second pass.
/// </summary>
public static class NextTokenLoss
{
    /// <summary>
    /// Computes the loss, adds its gradient to that of the head's weight, and runs the backward pass of the model below the head. The
    /// losses
    /// by which a model balances its experts take part in the gradients, weighed alike, and not in the loss.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="targets">The ids that follow, <c>[batch, sequence]</c>.</param>
    /// <param name="scale">What the gradient of the summed loss is multiplied by: 1 / tokens of the optimizer step.</param>
    /// <param name="tape">The tape of the optimizer step.</param>
    /// <returns>The summed cross-entropy in nats, a float64 scalar. The caller disposes it.</returns>
    public static Tensor Backward(LanguageModel model, Tensor tokens, Tensor targets, double scale, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(tape);
        using var noGradient = no_grad();
        tape.LossScale = scale;
        Tensor gradient;
        Tensor total;
        using (var hidden = model.Record(tokens, tape))
            (total, gradient) = HeadBackward(model, hidden, targets, scale, tape);
        using (gradient)
            model.Backward(gradient, tape);
        return total;
    }

    /// <summary>The summed cross-entropy, without gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="targets">The ids that follow, <c>[batch, sequence]</c>.</param>
    /// <returns>Nats, summed over all tokens.</returns>
    internal static double Sum(LanguageModel model, Tensor tokens, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(targets);
        using var noGradient = no_grad();
        using var hidden = model.Hidden(tokens);
        using var rows = hidden.view(-1, hidden.shape[^1]);
        using var labels = targets.view(-1, 1);
        using var total = zeros(1, ScalarType.Float64, rows.device);
        foreach (var (start, count) in Chunks(rows, model.Vocabulary))
        {
            using var input = rows.narrow(0, start, count);
            using var target = labels.narrow(0, start, count);
            using var logits = model.Logits(input);
            FusedOperations.For(logits).CrossEntropy(logits, target, total, scale: null, LogitForm.Plain);
        }

        return total.item<double>();
    }

    private static (Tensor Total, Tensor Gradient) HeadBackward(LanguageModel model, Tensor hidden, Tensor targets, double scale, Tape tape)
    {
        var weight = model.HeadWeight;
        using var rows = hidden.view(-1, hidden.shape[^1]);
        using var labels = targets.view(-1, 1);
        var total = zeros(1, ScalarType.Float64, rows.device);
        using var gradientRows = ActivationMemory.EmptyLike(rows);
        var castWeight = tape.Weight(weight, rows.dtype);
        using var transposedWeight = castWeight.t();
        foreach (var (start, count) in Chunks(rows, model.Vocabulary))
        {
            using var input = rows.narrow(0, start, count);
            using var target = labels.narrow(0, start, count);
            using var logits = ActivationMemory
                .Empty([count, castWeight.shape[0]], rows.dtype, rows.device)
                .addmm_(input, transposedWeight, 0, 1);
            FusedOperations.For(logits).CrossEntropy(logits, target, total, scale, model.LogitForm);
            using (var place = gradientRows.narrow(0, start, count))
                place.addmm_(logits, castWeight, 0, 1);
            GradientMemory.AddProduct(weight, logits, input);
        }

        return (total, gradientRows.view(hidden.shape));
    }

    private static IEnumerable<(long Start, long Count)> Chunks(Tensor rows, int vocabulary)
    {
        var size = FusedOperations.For(rows).RowsOfLogits(vocabulary);
        for (long start = 0; start < rows.shape[0]; start += size)
            yield return (start, Math.Min(size, rows.shape[0] - start));
    }
}
