using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The options of factors in the accounting.</summary>
internal static class FactorCostSource
{
    public static void Write(SourceWriter writer, EquatableArray<FactorTotals> factors)
    {
        writer.Write("Factors =");
        using (writer.Block(null, "],", "["))
        {
            foreach (var totals in factors)
            {
                var options = totals.Options;
                writer.Write(
                    $"new(Linears: {Literals.Of(totals.Linears)}, Activation: {(options.Activation is { } activation ? Literals.Of(activation) : "null")}, "
                        + $"Residual: {Literals.Of(options.HasResidual)}, {Literals.Of(options.Initialization)}, "
                        + $"RebalanceEvery: {Literals.Of(options.RebalanceEvery ?? 0)}, RebalanceFlops: {Literals.Of(totals.RebalanceFlops)}, "
                        + $"ProductDecay: {Literals.Of(options.ProductDecay ?? 0)}, DecayFlopsPerStep: {Literals.Of(totals.DecayFlopsPerStep)}),"
                );
            }
        }
    }
}
