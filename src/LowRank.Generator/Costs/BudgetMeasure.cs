using LowRank.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>A part's share of something that a budget limits.</summary>
internal sealed record PartShare(PartCost Part, decimal Amount);

/// <summary>What a budget limits, as the accounting has it: the total and every part's share.</summary>
internal static class BudgetMeasure
{
    /// <summary>The total; null where it needs a declared run and there is none.</summary>
    public static decimal? Of(BudgetQuantity quantity, ModelCosts costs, int decodeSequences) =>
        quantity switch
        {
            BudgetQuantity.Parameters => costs.Total.Parameters,
            BudgetQuantity.ParametersAtStart => costs.Total.ParametersAtStart,
            BudgetQuantity.ActiveParameters => costs.Total.ActiveParameters,
            BudgetQuantity.ForwardFlopsPerToken => costs.Total.ForwardFlopsPerToken,
            BudgetQuantity.TrainingFlops => costs.Training?.TrainingFlops,
            BudgetQuantity.TrainingMemory => costs.Memory.PeakTraining,
            _ => costs.Memory.Decode(decodeSequences),
        };

    /// <summary>The parts with their shares, the most expensive first.</summary>
    public static IEnumerable<PartShare> Parts(BudgetQuantity quantity, TransformerModel model, ModelCosts costs, int decodeSequences) =>
        costs
            .Parts.Select(part => new PartShare(part, Share(quantity, part, model, costs, decodeSequences)))
            .OrderByDescending(share => share.Amount);

    private static decimal Share(BudgetQuantity quantity, PartCost part, TransformerModel model, ModelCosts costs, int decodeSequences) =>
        quantity switch
        {
            BudgetQuantity.Parameters => (decimal)part.Count * part.Parameters,
            BudgetQuantity.ParametersAtStart => (decimal)part.Count * (part.Parameters + part.GuideParameters),
            BudgetQuantity.ActiveParameters => (decimal)part.Count * part.ActiveParameters,
            BudgetQuantity.ForwardFlopsPerToken => (decimal)part.Count * part.ForwardFlopsPerToken,
            BudgetQuantity.TrainingFlops => TrainingFlops(part, model),
            BudgetQuantity.TrainingMemory => TrainingMemory(part, model, costs.Memory),
            _ => part.Count
                * (
                    (decimal)part.Parameters
                    + (SublayerOf(part, model) is { } sublayer ? MemoryTotals.Decoded(sublayer, model) * decodeSequences : 0)
                )
                * StateMemoryFormula.Bytes32,
        };

    // A model of this part alone.
    private static decimal TrainingFlops(PartCost part, TransformerModel model)
    {
        var alone = model with
        {
            Sublayers = new(
                model
                    .Sublayers.Where(sublayer => sublayer.Name == part.Name)
                    .Select(sublayer => sublayer with { Spans = new(sublayer.Spans.Where(span => span.First == part.FirstBlock)) })
            ),
        };
        return TrainingTotals
            .Of(model.Run!, model.Options.Context, CostTotals.Of([part]), GuideTotals.Of(alone), FactorTotals.Of(alone))
            .TrainingFlops;
    }

    private static decimal TrainingMemory(PartCost part, TransformerModel model, MemoryTotals memory)
    {
        var precision = Precision.Full(guided: memory.IsFullestAtStart);
        var state = StateMemoryFormula.Of(
            (decimal)part.Count * part.Parameters,
            memory.IsFullestAtStart ? (decimal)part.Count * part.GuideParameters : 0
        );
        var tokens = memory.TokensPerMicroBatch!.Value;
        if (SublayerOf(part, model) is { } sublayer)
            return state
                + (decimal)part.Count
                    * tokens
                    * KeptActivations.Of(sublayer, sublayer.Spans.Single(span => span.First == part.FirstBlock), model, precision);
        return part.Kind switch
        {
            "norm" => state + (decimal)tokens * KeptActivations.Outside(model, precision),
            "head" => state + (memory.IsFullestAtStart ? memory.FullPrecision.AtStart : memory.FullPrecision.AtEnd).Head(tokens),
            _ => state,
        };
    }

    private static SublayerModel? SublayerOf(PartCost part, TransformerModel model) =>
        model.Sublayers.FirstOrDefault(sublayer => sublayer.Name == part.Name);
}
