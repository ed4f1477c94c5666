using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>
/// Rotary positions turn an even number of elements of each head, a fraction in (0, 1] of it; and an attention either rotates or does not.
/// </summary>
internal sealed class RotaryRule : IRule<SizedTransformer>
{
    private static readonly Target OfTransformer = new Target(Attribute: "Transformer").At("RotaryFraction");

    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        var options = declaration.Transformer;
        var isFraction = options.RotaryFraction is > 0 and <= 1;
        if (!isFraction)
            yield return OutOfRange(OfTransformer, options.RotaryFraction);
        foreach (var declared in declaration.Sublayers)
        {
            if (declared.Attention is not { } attention)
                continue;
            var target = declared.Target with { Attribute = "Attention" };
            if (attention.Positions == Positions.Learned)
                yield return Finding.Of(ShapeRules.LearnedPositionsOfAttention, target.At("Positions"), declared.Property.Name) with
                {
                    Suggestion = Suggestions.OneOf("Positions.Rotary", "Positions.None"),
                };
            if (attention.RotaryFraction is { } own and not (> 0 and <= 1))
                yield return OutOfRange(target.At("RotaryFraction"), own);
            else if (
                !attention.IsLatent
                && (isFraction || attention.RotaryFraction is not null)
                && model.Sublayers.FirstOrDefault(sublayer => sublayer.Name == declared.Property.Name)?.Attention
                    is { Rotation: { IsEven: false } rotation } sized
            )
                yield return Odd(declaration, attention, target, sized.HeadSize, rotation.Size);
        }
    }

    private static Finding OutOfRange(Target fraction, double value) =>
        Finding.Of(ShapeRules.RotaryFraction, fraction, value) with
        {
            Suggestion = Suggestions.Fraction(value, whenTooSmall: 1),
        };

    private static Finding Odd(TransformerDeclaration declaration, AttentionOptions attention, Target target, int headSize, int rotarySize)
    {
        var options = declaration.Transformer;
        var fraction = attention.RotaryFraction ?? options.RotaryFraction;
        var finding = Finding.Of(
            ShapeRules.RotarySize,
            target.At(attention.HeadSize is null ? "heads" : "HeadSize"),
            headSize,
            fraction,
            rotarySize
        );
        // A fraction of a head that is even itself is what is wrong, and not the head.
        if (fraction == 1 || headSize % 2 != 0)
            return finding with { Suggestion = EvenRotation.Suggest(attention, options) };
        return attention.RotaryFraction is null
            ? finding with
            {
                Suggestion = EvenRotation.SuggestFraction(Sharing(declaration), options),
                SuggestionFor = OfTransformer,
            }
            : finding with
            {
                Suggestion = EvenRotation.SuggestFraction(
                    [attention with { RotaryFraction = null }],
                    options with
                    {
                        RotaryFraction = fraction,
                    }
                ),
                SuggestionFor = target.At("RotaryFraction"),
            };
    }

    // Those that rotate the transformer's fraction of their heads.
    private static IEnumerable<AttentionOptions> Sharing(TransformerDeclaration declaration) =>
        declaration
            .Sublayers.Select(sublayer => sublayer.Attention)
            .OfType<AttentionOptions>()
            .Where(attention => attention is { RotaryFraction: null, IsLatent: false });
}
