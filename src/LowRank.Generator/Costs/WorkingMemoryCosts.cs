using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>What a micro-batch holds beside parameters, gradients and moments. docs/memory.md has the terms.</summary>
internal static class WorkingMemoryCosts
{
    /// <param name="model">The model.</param>
    /// <param name="precision">The types, and whether the guides are present.</param>
    /// <param name="parameters">Number of parameters, effective weights included while the guides are present.</param>
    public static WorkingMemory Of(TransformerModel model, Precision precision, long parameters)
    {
        checked
        {
            var options = model.Options;
            long width = options.Width;
            long vocabulary = options.Vocabulary;
            var largest = model
                .Sublayers.SelectMany(sublayer => sublayer.Spans.SelectMany(span => ProductWeights(sublayer, span, precision)))
                .DefaultIfEmpty(0)
                .Max();
            // Of a block that will run again only the input is kept, until its turn comes.
            var blocks = options.ActivationCheckpointing
                ? options.Depth * width * precision.Stored
                : Sum(model, (sublayer, span) => KeptActivations.Of(sublayer, span, model, precision));
            return new(
                KeptActivations.Outside(model, precision) + blocks,
                Sum(model, (sublayer, span) => FormedWeights(span, precision)) + (precision.IsMixed ? parameters * precision.Computed : 0),
                // The hidden states and their gradient.
                HeadPerToken: 2 * width * precision.Computed,
                HeadPerRow: vocabulary * precision.Computed,
                HeadWeights: precision.IsMixed ? vocabulary * width * precision.Computed : 0,
                RowsPerChunk: WorkingMemory.ChunkRows(vocabulary),
                BackwardPerToken: BackwardPerToken(model, precision)
                    + (options.ActivationCheckpointing ? FullestBlock(model, precision) : 0),
                WeightGradient: precision.IsMixed ? largest * precision.Computed : 0
            );
        }
    }

    /// <summary>
    /// What the weights of one sublayer in one block are formed into for an optimizer step: a second factor with its identities, in both
    /// types where these differ, and first factors that can't lie one under the other for good.
    /// </summary>
    public static long FormedWeights(BlockSpan span, Precision precision)
    {
        checked
        {
            var folded = span
                .Linears.Where(linear => linear.LowRank is { HasResidual: true } && KeptActivations.IsFactored(linear, precision))
                .Sum(linear => (long)linear.Outputs * linear.Rank * linear.Copies);
            return folded * (precision.IsMixed ? precision.Stored + precision.Computed : precision.Stored)
                + StackedFactors(span, precision);
        }
    }

    // First factors that read one input lie one under the other in a flat buffer, unless one ends within its alignment.
    private static long StackedFactors(BlockSpan span, Precision precision) =>
        checked(
            StackedFactors(span.QueryKeyValue, precision)
            + StackedFactors([.. span.Linears.Where(linear => linear.Name is "Gate" or "Up")], precision)
            + StackedFactors(
                [.. span.Linears.Where(linear => linear.Name is LinearModel.SharedPrefix + "Gate" or LinearModel.SharedPrefix + "Up")],
                precision
            )
        );

    private static long StackedFactors(IReadOnlyList<LinearModel> beside, Precision precision)
    {
        return
            beside.Count > 1
            && beside.All(linear => linear.LowRank is { Activation: null } && KeptActivations.IsFactored(linear, precision))
            && beside.Take(beside.Count - 1).Any(linear => (long)linear.Inputs * linear.Rank % FlatLayout.Alignment != 0)
            ? beside.Sum(linear => checked((long)linear.Inputs * linear.Rank * linear.Copies)) * precision.Computed
            : 0;
    }

    // Blocks repeat themselves: the first of every span stand for the others, or a declaration of a billion blocks would take minutes.
    private const int BlocksOfSpan = 64;

    // What the block with the most activations keeps when it runs again, its output included.
    private static long FullestBlock(TransformerModel model, Precision precision) =>
        model
            .Sublayers.SelectMany(sublayer => sublayer.Spans)
            .SelectMany(span =>
                Enumerable.Range(0, Math.Min(span.Count, BlocksOfSpan)).Select(index => span.First + index * span.Stride).Append(span.Last)
            )
            .Distinct()
            .DefaultIfEmpty(0)
            .Max(block =>
                model
                    .Sublayers.SelectMany(sublayer => sublayer.Spans.Where(span => span.Contains(block)).Select(span => (sublayer, span)))
                    .Aggregate(
                        (long)model.Options.Width * precision.Stored,
                        (sum, pair) => checked(sum + KeptActivations.Of(pair.sublayer, pair.span, model, precision))
                    )
            );

    // The last block's gradients meet all activations still kept. What a later sublayer has freed makes room for an earlier one's.
    private static long BackwardPerToken(TransformerModel model, Precision precision)
    {
        checked
        {
            var width = model.Options.Width;
            // The gradients of the hidden states and of the stream; the stream's once more where sublayers need it in another type, or
            // unchanged.
            var held = (long)width * (precision.Computed + precision.Stored);
            if (precision.IsMixed || model.Options.Residual == Residual.Parallel)
                held += (long)width * precision.Computed;
            var fullest = held;
            long freed = 0;
            foreach (var sublayer in model.Sublayers.Reverse())
            {
                // The norm after it has its input still, whose gradient takes that place.
                var normed = model.Options.HasNormAfter ? KeptActivations.Output(model, precision) : 0;
                fullest = Math.Max(fullest, held + Math.Max(normed, Gradients(sublayer, model, precision)) - freed);
                freed += KeptActivations.Of(sublayer, sublayer.Spans[sublayer.Spans.Count - 1], model, precision);
            }

            return fullest;
        }
    }

    // What was attended to, twice, once head by head, and queries, keys and values; or what the activation or the gate left: the gradients
    // of its inputs are written over what was kept.
    private static long Gradients(SublayerModel sublayer, TransformerModel model, Precision precision) =>
        sublayer.Attention is { Latent: not null } latent ? (3L * latent.ValueWidth + 2L * latent.Width) * precision.Computed
        : sublayer.Attention is { } attention ? (3L * attention.Width + 2L * attention.KeyValueWidth) * precision.Computed
        : sublayer.Experts is { } experts ? OfExperts(sublayer.FeedForward!, experts, model.Options.Width, precision)
        : sublayer.FeedForward is { } feedForward ? (long)feedForward.Hidden * precision.Computed
        : sublayer.Spans[0].Linears.Select(linear => (long)linear.Outputs).DefaultIfEmpty(0).Max() * precision.Computed;

    // Sorted by expert: the upstream gradient, the input and its gradient, one expert's hidden layer at even loads; and the sum by token.
    private static long OfExperts(FeedForwardOptions options, ExpertOptions experts, long width, Precision precision) =>
        checked(
            (3 * experts.Active * width + ((long)options.Hidden * experts.Active + experts.Count - 1) / experts.Count) * precision.Computed
            + width * precision.Stored
        );

    // One number per product: dense queries, keys and values are one.
    private static IEnumerable<long> ProductWeights(SublayerModel sublayer, BlockSpan span, Precision precision)
    {
        var fused = span.QueryKeyValue;
        var isFused = fused.Count > 0 && fused.All(linear => linear.LowRank is null);
        if (isFused)
            yield return fused.Sum(linear => (long)linear.Inputs * linear.Outputs);
        foreach (var linear in isFused ? span.Linears.Except(fused) : span.Linears)
        {
            if (KeptActivations.IsFactored(linear, precision))
            {
                yield return checked((long)linear.Inputs * linear.Rank);
                yield return checked((long)linear.Outputs * linear.Rank);
            }
            else
            {
                yield return checked((long)linear.Inputs * linear.Outputs);
            }
        }
    }

    private static long Sum(TransformerModel model, Func<SublayerModel, BlockSpan, long> cost) =>
        model
            .Sublayers.SelectMany(sublayer => sublayer.Spans.Select(span => (sublayer, span)))
            .Aggregate(0L, (sum, pair) => checked(sum + pair.span.Count * cost(pair.sublayer, pair.span)));
}
