using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Rotary positions turn an even number of elements of each head, a fraction in (0, 1] of it.</summary>
internal sealed class RotaryRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        var options = declaration.Transformer;
        if (options.RotaryFraction is not (> 0 and <= 1))
        {
            yield return Finding.Of(
                ShapeRules.RotaryFraction,
                new Target(Attribute: "Transformer").At("RotaryFraction"),
                options.RotaryFraction
            ) with
            {
                Suggestion = Suggestions.Fraction(options.RotaryFraction, whenTooSmall: 1),
            };
            yield break;
        }

        if (options.Positions != Positions.Rotary)
            yield break;
        foreach (var sublayer in model.Sublayers)
        {
            if (sublayer.Attention is not { } attention || (attention.RotarySize > 0 && attention.RotarySize % 2 == 0))
                continue;
            var declared = declaration.Sublayers.First(candidate => candidate.Property.Name == sublayer.Name).Attention!;
            var target = new Target(sublayer.Name, "Attention", declared.HeadSize is null ? "heads" : "HeadSize");
            yield return Finding.Of(ShapeRules.RotarySize, target, attention.HeadSize, options.RotaryFraction, attention.RotarySize) with
            {
                Suggestion = EvenRotation.Suggest(declared, options),
            };
        }
    }
}
