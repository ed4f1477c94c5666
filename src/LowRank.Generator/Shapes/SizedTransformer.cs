using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>A transformer as declared, right or wrong, and with its sizes inferred.</summary>
/// <param name="Declaration">What is declared.</param>
/// <param name="Model">The same with its sizes; sublayers that have none are missing.</param>
internal sealed record SizedTransformer(TransformerDeclaration Declaration, TransformerModel Model)
{
    /// <summary>Whether every sublayer has its sizes.</summary>
    public bool IsWhole => Model.Sublayers.Count == Declaration.Sublayers.Count;

    /// <summary>
    /// Every <c>[LowRank]</c> with what it selects. Linears of one shape say the same thing; the first of them speaks for all.
    /// </summary>
    public IEnumerable<LowRankSelection> Selections =>
        Declaration.LowRanks.Select(lowRank => new LowRankSelection(lowRank, Declaration.Type.Name, Selected(lowRank)));

    public static SizedTransformer Of(TransformerDeclaration declaration) => new(declaration, ShapeInference.Infer(declaration));

    private IEnumerable<(string Name, LinearModel Linear)> Selected(LowRankOptions lowRank) =>
        from sublayer in Model.Sublayers
        from linear in sublayer.Linears.Select(pair => pair.Linear).Where(linear => lowRank.Equals(linear.LowRank)).Distinct()
        group (
            Name: lowRank.Origin.IsAssembly ? $"{Model.Type.Name}.{sublayer.Name}.{linear.Name}" : $"{sublayer.Name}.{linear.Name}",
            linear
        ) by (Math.Min(linear.Inputs, linear.Outputs), Math.Max(linear.Inputs, linear.Outputs)) into shape
        select shape.First();
}
