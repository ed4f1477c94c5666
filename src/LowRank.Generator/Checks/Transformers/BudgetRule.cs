using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The model keeps to its budget.</summary>
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
        foreach (var limit in budget.Limits)
        {
            if (BudgetMeasure.Of(limit.Quantity, costs, budget.DecodeSequences) is { } amount && amount > limit.Value)
                yield return Exceeded(limit, amount, budget.DecodeSequences, model, costs);
        }
    }

    private static Finding Exceeded(BudgetLimit limit, decimal amount, int decodeSequences, TransformerModel model, ModelCosts costs)
    {
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
        var fitting = RankSearch.Largest(model, candidate => BudgetMeasure.Of(quantity, candidate, decodeSequences), limit.Value.Value);
        var advice = fitting is { } found
            ? FormattableString.Invariant(
                $"; a rank of {found.Rank} instead of {found.Options.Rank} on '{found.Options.Origin.Property ?? model.Type.Name}' would fit"
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
            Suggestion = fitting?.Rank.ToString(CultureInfo.InvariantCulture),
            SuggestionFor = fitting?.Options.Origin.At("rank"),
        };
    }

    private static string Name(PartCost part) =>
        part.Kind is not ("attention" or "feed-forward") ? part.Name
        : part.Count == 1 ? $"{part.Name} of block {part.FirstBlock}"
        : part.Stride > 1 ? $"{part.Name} of {part.Count} blocks from {part.FirstBlock} on"
        : $"{part.Name} of blocks {part.FirstBlock} to {part.FirstBlock + part.Count - 1}";

    private static string Number(decimal value) => value < 1e15m ? Whole(value) : value.ToString("0.0000e0", CultureInfo.InvariantCulture);

    private static string Whole(decimal value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    private static string Enumerate(List<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[names.Count - 1]}";
}
