using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What training by the adapters of every <c>[LoRA]</c> costs, all else frozen.</summary>
/// <param name="Linears">Number of adapters.</param>
/// <param name="Parameters">Their parameters.</param>
/// <param name="FirstBlock">The first block with one.</param>
/// <param name="ForwardFlopsPerToken">Forward, paper convention, unmerged.</param>
/// <param name="TrainingFlopsPerToken">Forward and backward, paper convention.</param>
/// <param name="StateBytes">Parameters, and the adapters' gradients and moments, in 32-bit floats.</param>
/// <param name="ActivationBytesPerToken">Kept for the backward pass, in 32-bit floats.</param>
internal sealed record AdapterTotals(
    int Linears,
    long Parameters,
    int FirstBlock,
    long ForwardFlopsPerToken,
    long TrainingFlopsPerToken,
    decimal StateBytes,
    long ActivationBytesPerToken
)
{
    /// <summary>The totals, or null where nothing is adapted.</summary>
    /// <exception cref="OverflowException">A sum does not fit its type.</exception>
    public static AdapterTotals? Of(TransformerModel model, IReadOnlyList<PartCost> parts, CostTotals total)
    {
        var adapted = model.Sublayers.SelectMany(sublayer => sublayer.Linears).Where(pair => pair.Linear.Lora is not null).ToList();
        if (adapted.Count == 0)
            return null;
        checked
        {
            var linears = adapted.Sum(pair => pair.Span.Count * pair.Linear.Copies);
            var parameters = adapted.Aggregate(0L, (sum, pair) => sum + (long)pair.Span.Count * pair.Linear.Copies * Weights(pair.Linear));
            var active = adapted.Aggregate(0L, (sum, pair) => sum + (long)pair.Span.Count * pair.Linear.Active * Weights(pair.Linear));
            var first = adapted.Min(pair => pair.Span.First);
            var forward = total.ForwardFlopsPerToken + 2 * active;
            // The gradient of a frozen layer's input costs what its forward pass did, scores twice that, and an adapter has both gradients.
            var backward = parts.Single(part => part.Kind == "head").ForwardFlopsPerToken + 4 * active;
            foreach (var part in parts.Where(part => part.IsInBlocks))
                backward += From(first, part.FirstBlock, part.Count, part.Stride) * (part.ForwardFlopsPerToken + part.ScoreFlopsPerToken);
            return new(
                linears,
                parameters,
                first,
                forward,
                forward + backward,
                (decimal)StateMemoryFormula.Bytes32 * total.Parameters + 4m * StateMemoryFormula.Bytes32 * parameters,
                Activations(model, first)
            );
        }
    }

    // Blocks below the first adapter keep nothing, adapters keep A·x.
    private static long Activations(TransformerModel model, int first)
    {
        var precision = Precision.Full(guided: false);
        checked
        {
            var kept = KeptActivations.Outside(model, precision);
            foreach (var sublayer in model.Sublayers)
            {
                foreach (var span in sublayer.Spans)
                {
                    var inner = span.Linears.Sum(linear => (long)(linear.Lora?.Rank ?? 0) * linear.Active) * precision.Computed;
                    kept +=
                        From(first, span.First, span.Count, span.Stride) * (KeptActivations.Of(sublayer, span, model, precision) + inner);
                }
            }

            return kept;
        }
    }

    private static long Weights(LinearModel linear) => checked((long)linear.Lora!.Rank * ((long)linear.Inputs + linear.Outputs));

    private static int From(int block, int first, int count, int stride) =>
        first >= block ? count : Math.Max(0, count - (block - first + stride - 1) / stride);
}
