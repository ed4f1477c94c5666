using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>The base of the rotary frequencies, the ε of the norms and the learning rate are positive and finite.</summary>
internal sealed class PositiveNumberRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model)
    {
        var transformer = new Target(Attribute: "Transformer");
        (Target Target, double Value, string Usual)[] numbers =
        [
            (transformer.At("RotaryBase"), declaration.Transformer.RotaryBase, "10_000"),
            (transformer.At("NormEpsilon"), declaration.Transformer.NormEpsilon, "1e-5"),
            (new Target(Attribute: "TrainingRun").At("LearningRate"), declaration.Run?.LearningRate ?? 1, "1e-3"),
        ];
        return numbers
            .Where(number => !(number.Value > 0) || double.IsInfinity(number.Value))
            .Select(number =>
                Finding.Of(ShapeRules.PositiveNumber, number.Target, number.Target.Argument!, number.Value) with
                {
                    Suggestion = number.Usual,
                }
            );
    }
}
