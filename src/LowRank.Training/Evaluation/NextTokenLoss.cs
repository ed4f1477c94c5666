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
    /// <summary>The target of a token that doesn't count: no loss, no gradient. As PyTorch's <c>ignore_index</c>.</summary>
    public const long Ignored = IFusedOperations.IgnoredTarget;

    /// <summary>
    /// Computes the loss, adds its gradient to that of the head's weight, and runs the backward pass of the model below the head. The
    /// losses by which a model balances its experts take part in the gradients and not in the loss.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="targets">The ids that follow, <c>[batch, sequence]</c>; <see cref="Ignored"/> where none counts.</param>
    /// <param name="scale">What the gradient of the summed loss is multiplied by: 1 / targets of the optimizer step that count.</param>
    /// <param name="tape">The tape of the optimizer step.</param>
    /// <param name="balanceScale">The same for the losses that balance experts, which every token has: 1 / tokens of the optimizer step;
    /// null where all targets count.</param>
    /// <param name="documents">The documents of the rows, which don't see each other; null where each row is one text.</param>
    /// <returns>The summed cross-entropy in nats of the targets that count, a float64 scalar. The caller disposes it.</returns>
    public static Tensor Backward(
        LanguageModel model,
        Tensor tokens,
        Tensor targets,
        double scale,
        Tape tape,
        double? balanceScale = null,
        PackedDocuments? documents = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(tape);
        using var noGradient = no_grad();
        documents?.Require(tokens);
        (tape.LossScale, tape.Documents) = (balanceScale ?? scale, documents);
        Tensor gradient;
        Tensor total;
        using (var hidden = model.Record(tokens, tape))
            (total, gradient) = HeadBackward(model, hidden, targets, scale, tape);
        using (gradient)
            model.Backward(gradient, tape);
        // They are the caller's, and of these rows.
        tape.Documents = null;
        return total;
    }

    /// <summary>The summed cross-entropy, without gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">Int64 ids <c>[batch, sequence]</c>.</param>
    /// <param name="targets">The ids that follow, <c>[batch, sequence]</c>; <see cref="Ignored"/> where none counts.</param>
    /// <param name="documents">As for <see cref="Backward"/>.</param>
    /// <returns>Nats, summed over the targets that count.</returns>
    internal static double Sum(LanguageModel model, Tensor tokens, Tensor targets, PackedDocuments? documents = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(targets);
        using var noGradient = no_grad();
        using var hidden = documents is null ? model.Hidden(tokens) : model.HiddenPacked(tokens, documents);
        using var counted = CountedRows(targets);
        using var rows = Rows(hidden, counted);
        using var columns = targets.unsqueeze(-1);
        using var labels = Rows(columns, counted);
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
        using var counted = CountedRows(targets);
        using var rows = Rows(hidden, counted);
        using var columns = targets.unsqueeze(-1);
        using var labels = Rows(columns, counted);
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

        if (counted is null)
            return (total, gradientRows.view(hidden.shape));
        using var all = ActivationMemory.Empty([hidden.NumberOfElements / hidden.shape[^1], hidden.shape[^1]], hidden.dtype, hidden.device);
        all.zero_().index_copy_(0, counted, gradientRows);
        return (total, all.view(hidden.shape));
    }

    // The head is a large part of a small model: in the CPU's memory, where targets can be looked at, it takes no row that doesn't count.
    // Null for all rows.
    private static Tensor? CountedRows(Tensor targets)
    {
        if (targets.device_type != TorchSharp.DeviceType.CPU)
            return null;
        using var flat = targets.flatten();
        using var ids = flat.data<long>();
        var counted = new List<long>();
        long row = 0;
        foreach (var id in ids)
        {
            if (id != Ignored)
                counted.Add(row);
            row++;
        }

        return counted.Count == row ? null : tensor(counted.ToArray(), ScalarType.Int64);
    }

    // Of […, size] as [rows, size].
    private static Tensor Rows(Tensor tensor, Tensor? counted)
    {
        var rows = tensor.view(-1, tensor.shape[^1]);
        if (counted is null)
            return rows;
        using (rows)
            return rows.index_select(0, counted);
    }

    private static IEnumerable<(long Start, long Count)> Chunks(Tensor rows, int vocabulary)
    {
        var size = FusedOperations.For(rows).RowsOfLogits(vocabulary);
        for (long start = 0; start < rows.shape[0]; start += size)
            yield return (start, Math.Min(size, rows.shape[0] - start));
    }
}
