using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Rotary positions turn an even number of elements of each head, a fraction in (0, 1] of it.</summary>
internal sealed class RotaryRule : IRule<SizedTransformer>
{
    private static readonly Target Fraction = new Target(Attribute: "Transformer").At("RotaryFraction");

    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        var options = declaration.Transformer;
        if (options.RotaryFraction is not (> 0 and <= 1))
        {
            yield return Finding.Of(ShapeRules.RotaryFraction, Fraction, options.RotaryFraction) with
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
            var finding = Finding.Of(ShapeRules.RotarySize, target, attention.HeadSize, options.RotaryFraction, attention.RotarySize);
            // A fraction of a head that is even itself is what is wrong, and not the head.
            yield return options.RotaryFraction < 1 && attention.HeadSize % 2 == 0
                ? finding with
                {
                    Suggestion = EvenRotation.SuggestFraction(Attentions(declaration), options),
                    SuggestionFor = Fraction,
                }
                : finding with
                {
                    Suggestion = EvenRotation.Suggest(declared, options),
                };
        }
    }

    private static IEnumerable<AttentionOptions> Attentions(TransformerDeclaration declaration) =>
        declaration.Sublayers.Select(sublayer => sublayer.Attention).Where(attention => attention is not null)!;
}
