using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Options that are about something have it: positions that rotate, sublayers that attend, a run of some length.</summary>
internal sealed class IdleOptionsRule : IRule<TransformerDeclaration>
{
    private static readonly Target Transformer = new(Attribute: "Transformer");

    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        OfClass(declaration)
            .Select(idle => IdleOption.Of(idle.Target, declaration.Type.Name, idle.Reason))
            .Concat(OfRebalancing(declaration));

    private static IEnumerable<(Target Target, string Reason)> OfClass(TransformerDeclaration declaration)
    {
        var options = declaration.Transformer;
        var attends = declaration.Sublayers.Any(sublayer => sublayer.Attention is not null);
        if (options.Positions != Positions.Rotary || !attends)
        {
            var reason = attends
                ? $"positions are Positions.{options.Positions}, which rotate nothing"
                : "no sublayer attends, and only attention rotates";
            foreach (var argument in options.Written)
                yield return (Transformer.At(argument), reason);
        }

        if (options.Bias == Bias.QueryKeyValue && !attends)
            yield return (Transformer.At("Bias"), "no sublayer attends, so that there are no queries, keys and values");
        if (options.Residual == Residual.Parallel && declaration.Sublayers.Count == 1)
            yield return (Transformer.At("Residual"), "there is one sublayer, and none beside which it could run");
        if (
            declaration.Budget is { DecodeSequences: > 1 } budget
            && budget.Limits.All(limit => limit.Quantity != BudgetQuantity.DecodeMemory)
        )
            yield return (new Target(Attribute: "Budget", Argument: "DecodeSequences"), "the budget does not limit DecodeMemory");
    }

    // Factors are not rewritten after the last step.
    private static IEnumerable<Finding> OfRebalancing(TransformerDeclaration declaration)
    {
        if (declaration.Run is not { Tokens: > 0, SequencesPerStep: > 0 } run || declaration.Transformer.Context < 1)
            return [];
        var steps = run.Tokens / ((long)run.SequencesPerStep * declaration.Transformer.Context);
        return declaration
            .LowRanks.Where(lowRank =>
                lowRank is { Activation: null, Origin.IsAssembly: false } && lowRank.RebalanceEvery >= Math.Max(steps, 1)
            )
            .Select(lowRank =>
                IdleOption.Of(
                    lowRank.Origin.At("RebalanceEvery"),
                    lowRank.Origin.OwnerOf(declaration.Type.Name),
                    Finding.Text($"the declared run has {steps} steps, and after the last nothing is rebalanced")
                )
            );
    }
}
