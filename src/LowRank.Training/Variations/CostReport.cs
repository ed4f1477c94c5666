using LowRank.Costs;
using LowRank.Generator.Costs;

namespace LowRank.Training.Variations;

/// <summary>What the compiler has counted, as the runtime reports it: what generated code writes down, without being written.</summary>
internal static class CostReport
{
    /// <summary>The report.</summary>
    /// <param name="costed">The model with its costs.</param>
    /// <param name="name">Its name.</param>
    public static ModelCost Of(CostedTransformer costed, string name)
    {
        var (model, costs) = (costed.Model, costed.Costs);
        return new(
            name,
            model.Options.Context,
            costs.Total.Parameters,
            costs.Total.ForwardFlopsPerToken,
            costs.Total.ScoreFlopsPerToken,
            [.. costs.Parts.Select(Of)],
            [
                .. costs.Guides.Select(guide => new GuideCost(
                    guide.Options.PhaseOut,
                    guide.Options.Guide,
                    guide.Options.Schedule,
                    guide.Linears,
                    guide.Parameters,
                    guide.ExtraForwardFlopsPerToken,
                    guide.ProjectionFlopsPerStep
                )),
            ],
            model.Run is { } run
                ? new(run.Tokens, run.SequencesPerStep, run.SequencesPerMicroBatch ?? run.SequencesPerStep)
                {
                    Optimizer = run.Optimizer,
                    LearningRate = run.LearningRate,
                }
                : null
        )
        {
            ActiveParameters = costs.Total.ActiveParameters,
            Windows =
            [
                .. costs.Windows.Select(window => new WindowedAttention(window.Window, window.Width, window.Blocks)
                {
                    ValueWidth = window.ValueWidth,
                }),
            ],
            Factors = [.. costs.Factors.Select(Of)],
            Adapters = costs.Adapters is { } adapters ? Of(adapters) : null,
            Budget = [.. costed.Budget.Select(use => new BudgetLine(use.Limit.Quantity.ToString(), use.Amount, use.Limit.Value!.Value))],
            ParallelResidual = model.Options.Residual == Residual.Parallel,
            IsCausal = model.Options.Causal,
            RecomputesBlocks = model.Options.ActivationCheckpointing,
            Memory = new(Of(costs.Memory.FullPrecision), Of(costs.Memory.MixedPrecision), costs.Memory.KeyValuesPerToken)
            {
                StatePerSequence = costs.Memory.StatePerSequence,
            },
        };
    }

    private static SublayerCost Of(PartCost part) =>
        new(
            part.Name,
            part.Kind,
            part.FirstBlock,
            part.Count,
            part.Rank,
            part.Parameters,
            part.GuideParameters,
            part.ForwardFlopsPerToken,
            part.ScoreFlopsPerToken,
            part.GuidedForwardFlopsPerToken,
            part.ProjectionFlopsPerStep
        )
        {
            Stride = part.Stride,
            ActiveParameters = part.ActiveParameters,
            ActiveGuideParameters = part.ActiveGuideParameters,
            Weights =
            [
                .. part.Weights.Select(weight => new LowRank.Costs.WeightShape(weight.Name, weight.Inputs, weight.Outputs, weight.Rank)
                {
                    HasGuide = weight.HasGuide,
                    Copies = weight.Copies,
                    Active = weight.Active,
                }),
            ],
            Unknown = [.. part.Unknown],
            Activations = new(part.Activations.AtStart, part.Activations.AtEnd, part.Activations.AtStartBf16, part.Activations.AtEndBf16),
        };

    private static FactorCost Of(FactorTotals totals) =>
        new(
            totals.Linears,
            totals.Options.Activation,
            totals.Options.HasResidual,
            totals.Options.Initialization,
            totals.Options.RebalanceEvery ?? 0,
            totals.RebalanceFlops,
            totals.Options.ProductDecay ?? 0,
            totals.DecayFlopsPerStep
        );

    private static AdapterCost Of(AdapterTotals totals) =>
        new(
            totals.Linears,
            totals.Parameters,
            totals.FirstBlock,
            totals.ForwardFlopsPerToken,
            totals.TrainingFlopsPerToken,
            totals.StateBytes,
            totals.ActivationBytesPerToken
        );

    private static PhaseMemory Of(PhaseTotals phases) => new(phases.AtStart, phases.AtEnd);
}
