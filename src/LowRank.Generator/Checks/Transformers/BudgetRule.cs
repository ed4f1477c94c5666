using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The model keeps to its budget. One rank is named, on the tile grid, that keeps to all of its limits at once.</summary>
internal sealed class BudgetRule : IRule<SizedTransformer>
{
    private const int PartsNamed = 3;

    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        // Of a model without all of its sublayers nobody knows the sums.
        if (!transformer.IsWhole || declaration.Budget is not { } budget)
            yield break;
        var costs = ModelCosts.Of(model);
        var exceeded = BudgetUse.Of(budget, costs).Where(use => use.IsExceeded).ToList();
        if (exceeded.Count == 0)
            yield break;
        var fitting = RankSearch.Largest(model, candidate => !BudgetUse.Of(budget, candidate).Any(use => use.IsExceeded));
        foreach (var use in exceeded)
            yield return Exceeded(use, fitting, budget.DecodeSequences, model, costs);
    }

    private static Finding Exceeded(
        BudgetUse use,
        (LowRankOptions Options, int Rank)? fitting,
        int decodeSequences,
        TransformerModel model,
        ModelCosts costs
    )
    {
        var (limit, amount) = (use.Limit, use.Amount);
        var quantity = limit.Quantity;
        var parts = BudgetMeasure
            .Parts(quantity, model, costs, decodeSequences)
            .Take(PartsNamed)
            .Select(share => $"{Name(share.Part)} ({Number(share.Amount)})");
        var unit = quantity is BudgetQuantity.TrainingMemory or BudgetQuantity.DecodeMemory ? " bytes" : "";
        var (written, allowed) = (Number(amount), Number(limit.Value!.Value));
        // Rounded alike, two different numbers would explain nothing.
        if (written == allowed)
            (written, allowed) = (Whole(amount), Whole(limit.Value.Value));
        int? rank = fitting is { } largest ? AlignedRanks.AtMost(largest.Rank) : null;
        var advice = fitting is { } found
            ? FormattableString.Invariant(
                $"; a rank of {rank} instead of {found.Options.Rank} on '{found.Options.Origin.Property ?? model.Type.Name}' keeps to every limit"
            )
            : "";
        return Finding.Of(
            CostRules.BudgetExceeded,
            new Target(Attribute: "Budget", Argument: quantity.ToString()),
            quantity,
            model.Type.Name,
            written + unit,
            allowed + unit,
            Enumerate([.. parts]),
            advice
        ) with
        {
            Suggestion = rank?.ToString(CultureInfo.InvariantCulture),
            SuggestionFor = fitting?.Options.Origin.At("rank"),
        };
    }

    private static string Name(PartCost part) =>
        !part.IsInBlocks ? part.Name
        : part.Count == 1 ? $"{part.Name} of block {part.FirstBlock}"
        : part.Stride > 1 ? $"{part.Name} of {part.Count} blocks from {part.FirstBlock} on"
        : $"{part.Name} of blocks {part.FirstBlock} to {part.FirstBlock + part.Count - 1}";

    private static string Number(decimal value) => value < 1e15m ? Whole(value) : value.ToString("0.0000e0", CultureInfo.InvariantCulture);

    private static string Whole(decimal value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Enumerate(List<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[names.Count - 1]}";
}
