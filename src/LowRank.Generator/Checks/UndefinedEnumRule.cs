using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>An enum argument is one of the enum's values, not a number cast to it.</summary>
internal sealed class UndefinedEnumRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model) =>
        Values(declaration)
            .Where(pair => !IsDefined(pair.Value))
            .Select(pair =>
                Finding.Of(
                    ShapeRules.UndefinedEnum,
                    pair.Target,
                    pair.Target.Argument!,
                    pair.Value.ToString("D"),
                    pair.Value.GetType().Name,
                    string.Join(", ", Enum.GetNames(pair.Value.GetType()))
                ) with
                {
                    Suggestion = Suggestions.ValuesOf(pair.Value.GetType()),
                }
            );

    // Values of flags combine, but to something and out of what there is.
    private static bool IsDefined(Enum value) =>
        value is Projections projections
            ? projections != 0 && (projections & ~Projections.All) == 0
            : Enum.IsDefined(value.GetType(), value);

    private static IEnumerable<(Target Target, Enum Value)> Values(TransformerDeclaration declaration)
    {
        var transformer = new Target(Attribute: "Transformer");
        yield return (transformer.At("Positions"), declaration.Transformer.Positions);
        yield return (transformer.At("Norm"), declaration.Transformer.Norm);
        yield return (transformer.At("Bias"), declaration.Transformer.Bias);
        yield return (transformer.At("Residual"), declaration.Transformer.Residual);
        if (declaration.Run?.Optimizer is { } optimizer)
            yield return (new Target(Attribute: "TrainingRun").At("Optimizer"), optimizer);
        foreach (var sublayer in declaration.Sublayers)
        {
            if (sublayer.FeedForward is { } feedForward)
                yield return ((sublayer.Target with { Attribute = "FeedForward" }).At("activation"), feedForward.Activation);
        }

        foreach (var lora in declaration.Loras)
            yield return (lora.Origin.At("Projections"), lora.Projections);
        foreach (var lowRank in declaration.LowRanks)
        {
            yield return (lowRank.Origin.At("Guide"), lowRank.Guide);
            yield return (lowRank.Origin.At("Schedule"), lowRank.Schedule);
            yield return (lowRank.Origin.At("Projections"), lowRank.Projections);
            yield return (lowRank.Origin.At("Initialization"), lowRank.Initialization);
            if (lowRank.Activation is { } activation)
                yield return (lowRank.Origin.At("Activation"), activation);
        }
    }
}
