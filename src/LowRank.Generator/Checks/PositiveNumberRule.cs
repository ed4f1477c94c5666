using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>The base of the rotary frequencies and the ε of the norms are positive and finite.</summary>
internal sealed class PositiveNumberRule : IRule
{
    public IEnumerable<Finding> Check(ModelDeclaration declaration, TransformerModel model)
    {
        var transformer = new Target(Attribute: "Transformer");
        (string Name, double Value, string Usual)[] numbers =
        [
            ("RotaryBase", declaration.Transformer.RotaryBase, "10_000"),
            ("NormEpsilon", declaration.Transformer.NormEpsilon, "1e-5"),
        ];
        return numbers.Where(number => !(number.Value > 0) || double.IsInfinity(number.Value))
            .Select(number => Finding.Of(ShapeRules.PositiveNumber, transformer.At(number.Name), number.Name, number.Value)
                with { Suggestion = number.Usual });
    }
}
