using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Options that are about something have it: positions that rotate, sublayers that attend, a run of some length.</summary>
internal sealed class IdleOptionsRule : IRule<TransformerDeclaration>
{
    private static readonly Target Transformer = new(Attribute: "Transformer");

    public IEnumerable<Finding> Check(TransformerDeclaration declaration) =>
        OfClass(declaration)
            .Select(idle => IdleOption.Of(idle.Target, idle.Target.Property ?? declaration.Type.Name, idle.Reason))
            .Concat(OfAttentions(declaration))
            .Concat(OfRebalancing(declaration))
            .Concat(declaration.Sublayers.SelectMany(OfExperts));

    private static IEnumerable<(Target Target, string Reason)> OfClass(TransformerDeclaration declaration)
    {
        var options = declaration.Transformer;
        var attentions = declaration.Sublayers.Select(sublayer => sublayer.Attention).OfType<AttentionOptions>().ToList();
        var attends = attentions.Count > 0;
        foreach (var argument in options.Written)
        {
            if (!attends)
                yield return (Transformer.At(argument), "no sublayer attends, and only attention rotates");
            else if (!attentions.Exists(attention => attention.Rotates(options)))
                yield return (Transformer.At(argument), NothingRotates(options));
            else if (attentions.TrueForAll(attention => !attention.Rotates(options) || HasOwn(attention, argument)))
                yield return (Transformer.At(argument), "every attention that rotates has its own");
        }

        if (options.Bias == Bias.QueryKeyValue && !attends)
            yield return (Transformer.At("Bias"), "no sublayer attends, so that there are no queries, keys and values");
        else if (options.Bias == Bias.QueryKeyValue && attentions.TrueForAll(attention => attention.Bias is not null))
            yield return (Transformer.At("Bias"), "every attention has its own");
        if (!options.Causal)
        {
            if (!attends)
                yield return (Transformer.At("Causal"), "no sublayer attends, and only attention looks ahead");
            foreach (var sublayer in declaration.Sublayers.Where(sublayer => sublayer.Attention?.Window is not null))
            {
                yield return (
                    (sublayer.Target with { Attribute = "Attention" }).At("Window"),
                    "with Causal = false every token sees every other"
                );
            }
        }

        if (options.Residual == Residual.Parallel && declaration.Sublayers.Count == 1)
            yield return (Transformer.At("Residual"), "there is one sublayer, and none beside which it could run");
        if (
            declaration.Budget is { DecodeSequences: > 1 } budget
            && budget.Limits.All(limit => limit.Quantity != BudgetQuantity.DecodeMemory)
        )
            yield return (new Target(Attribute: "Budget", Argument: "DecodeSequences"), "the budget does not limit DecodeMemory");
    }

    private static string NothingRotates(TransformerOptions options) =>
        options.Positions == Positions.Rotary
            ? "positions of every attention are Positions.None, which rotate nothing"
            : $"positions are Positions.{options.Positions}, which rotate nothing";

    // Latent attention rotates what its RotarySize says.
    private static bool HasOwn(AttentionOptions attention, string argument) =>
        argument == "RotaryBase" ? attention.RotaryBase is not null : attention.RotaryFraction is not null || attention.IsLatent;

    private static IEnumerable<Finding> OfAttentions(TransformerDeclaration declaration)
    {
        var options = declaration.Transformer;
        foreach (var sublayer in declaration.Sublayers)
        {
            // Learned positions are refused, whatever is said of them.
            if (sublayer.Attention is not { Positions: not Positions.Learned } attention || attention.Rotates(options))
                continue;
            var target = sublayer.Target with { Attribute = "Attention" };
            var positions = attention.Positions ?? options.Positions;
            foreach (var argument in Written(attention))
                yield return IdleOption.Of(
                    target.At(argument),
                    sublayer.Property.Name,
                    $"its positions are Positions.{positions}, which rotate nothing"
                );
        }
    }

    private static IEnumerable<string> Written(AttentionOptions attention) =>
        new[]
        {
            attention.RotaryBase is null ? null : "RotaryBase",
            attention.RotaryFraction is null ? null : "RotaryFraction",
        }.OfType<string>();

    // What is said about a balance is about the one that is chosen, of loads that differ.
    private static IEnumerable<Finding> OfExperts(SublayerDeclaration sublayer)
    {
        if (sublayer.Experts is not { } experts)
            yield break;
        foreach (var argument in experts.Written)
        {
            if (Reason(argument, experts) is { } reason)
                yield return IdleOption.Of((sublayer.Target with { Attribute = "Experts" }).At(argument), sublayer.Property.Name, reason);
        }
    }

    private static string? Reason(string argument, ExpertOptions experts)
    {
        if (experts.IsSized && experts.Active == experts.Count)
            return "all experts are active, so that their loads are equal";
        return (argument, experts.Balance) switch
        {
            ("BalanceWeight", Balance.Bias or Balance.None) or ("BiasStep", Balance.Loss or Balance.None) =>
                $"the loads are balanced by Balance.{experts.Balance}",
            _ => null,
        };
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
