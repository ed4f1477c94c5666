using LowRank.Generator.Model;

namespace LowRank.Generator.Parsing;

/// <summary>Turns <c>[Budget]</c> into its limits; what is left out is none.</summary>
internal static class BudgetParser
{
    public static BudgetOptions Budget(AttributeReader reader)
    {
        var limits = new List<BudgetLimit>();
        foreach (BudgetQuantity quantity in Enum.GetValues(typeof(BudgetQuantity)))
        {
            if (quantity == BudgetQuantity.TrainingFlops)
            {
                if (reader.Named<double>(quantity.ToString()) is { } flops)
                    limits.Add(BudgetLimit.Of(quantity, flops));
            }
            else if (reader.Named<long>(quantity.ToString()) is { } value)
            {
                limits.Add(BudgetLimit.Of(quantity, value));
            }
        }

        return new(new(limits), reader.Named<int>("DecodeSequences") ?? 1);
    }
}
