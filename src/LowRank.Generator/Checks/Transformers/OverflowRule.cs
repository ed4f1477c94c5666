using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Every size and sum fits its type; a number that does not is refused, never wrapped around.</summary>
internal sealed class OverflowRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        var wide = declaration
            .Sublayers.SelectMany(sublayer =>
                new[] { AttentionWidth(sublayer) ?? LatentWidth(sublayer, declaration.Transformer), SharedHidden(sublayer) }
            )
            .Where(finding => finding is not null)
            .ToList();
        foreach (var finding in wide)
            yield return finding!;
        if (wide.Count == 0 && Sums(declaration, model) is { } overflow)
            yield return overflow;
    }

    private static Finding? AttentionWidth(SublayerDeclaration sublayer)
    {
        if (sublayer.Attention is not { Heads: > 0, HeadSize: > 0 } attention)
            return null;
        var heads = Math.Max(attention.Heads, attention.KeyValueHeads ?? 0);
        return (long)heads * attention.HeadSize.Value <= int.MaxValue
            ? null
            : Finding.Of(
                CostRules.Overflow,
                (sublayer.Target with { Attribute = "Attention" }).At("HeadSize"),
                sublayer.Property.Name,
                $"{heads} heads × head size {attention.HeadSize}",
                int.MaxValue
            );
    }

    private static Finding? SharedHidden(SublayerDeclaration sublayer) =>
        sublayer is { FeedForward: { Hidden: > 0 } options, Experts: { Shared: > 0 } experts }
        && FeedForwardShape.SharedHidden(options, experts) > int.MaxValue
            ? Finding.Of(
                CostRules.Overflow,
                (sublayer.Target with { Attribute = "Experts" }).At("Shared"),
                sublayer.Property.Name,
                Finding.Text($"{experts.Shared} shared experts × hidden size {options.Hidden}"),
                int.MaxValue
            )
            : null;

    private static Finding? LatentWidth(SublayerDeclaration sublayer, TransformerOptions transformer)
    {
        if (sublayer.Attention is not { Heads: > 0, KeyValueRank: > 0 } attention)
            return null;
        var wide = AttentionShape
            .LatentSizes(attention, attention.HeadSize ?? transformer.Width / attention.Heads)
            .FirstOrDefault(size => size.Value > int.MaxValue);
        return wide.Argument is null
            ? null
            : Finding.Of(
                CostRules.Overflow,
                (sublayer.Target with { Attribute = "Attention" }).At(wide.Argument),
                sublayer.Property.Name,
                Finding.Text(wide.Words),
                int.MaxValue
            );
    }

    private static Finding? Sums(TransformerDeclaration declaration, TransformerModel model)
    {
        var options = declaration.Transformer;
        if (!options.HasSizes || model.Run is { SequencesPerStep: < 1 })
            return null;
        if (Overflow.Occurs(() => CostedTransformer.Of(model with { Run = null })))
        {
            return Finding.Of(
                CostRules.Overflow,
                new Target(Attribute: "Transformer"),
                declaration.Type.Name,
                $"a sum of parameters or FLOPs (vocabulary {options.Vocabulary}, context {options.Context}, width {options.Width}, depth {options.Depth})",
                long.MaxValue
            );
        }

        return Overflow.Occurs(() => CostedTransformer.Of(model))
            ? Finding.Of(
                CostRules.Overflow,
                new Target(Attribute: "TrainingRun"),
                declaration.Type.Name,
                $"a training total (tokens {model.Run!.Tokens})",
                decimal.MaxValue
            )
            : null;
    }
}
