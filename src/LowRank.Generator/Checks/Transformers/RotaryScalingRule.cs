using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A <c>[RotaryScaling]</c> scales something, by numbers that its formula can take, and says nothing beyond those.</summary>
internal sealed class RotaryScalingRule : IRule<TransformerDeclaration>
{
    private const string Attribute = "RotaryScaling";

    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        var transformer = declaration.Transformer;
        var scaled = new List<(Target Target, string Owner, RotaryScalingOptions Scaling, string? Idle, double[] Bases)>();
        if (declaration.RotaryScaling is { } ofClass)
        {
            var rotating = declaration
                .Sublayers.Where(sublayer => sublayer.Attention?.Rotates(transformer) == true && sublayer.RotaryScaling is null)
                .Select(sublayer => sublayer.Attention!.RotaryBase ?? transformer.RotaryBase)
                .ToArray();
            var idle = rotating.Length == 0 ? "no attention rotates that has none of its own" : null;
            scaled.Add((new(Attribute: Attribute), declaration.Type.Name, ofClass, idle, rotating));
        }

        foreach (var sublayer in declaration.Sublayers)
        {
            if (sublayer.RotaryScaling is not { } own)
                continue;
            var idle =
                sublayer.Attention is not { } attention ? "it does not attend, and only attention rotates"
                : attention.Rotates(transformer) ? null
                : $"its positions are Positions.{attention.Positions ?? transformer.Positions}, which rotate nothing";
            double[] bases = [sublayer.Attention?.RotaryBase ?? transformer.RotaryBase];
            scaled.Add((sublayer.Target with { Attribute = Attribute }, sublayer.Property.Name, own, idle, bases));
        }

        foreach (var (target, owner, scaling, idle, bases) in scaled)
        {
            if (idle is not null)
                yield return Finding.Of(ShapeRules.ScalesNothing, target, owner, idle);
            foreach (var (argument, value, demand, usual) in Wrong(scaling, bases))
                yield return Finding.Of(ShapeRules.RotaryScaling, target.At(argument), argument, owner, value, demand) with
                {
                    Suggestion = usual,
                };
            foreach (var (argument, _) in scaling.Given.Where(given => !RotaryScalingOptions.IsOf(given.Name, scaling.Type)))
                yield return IdleOption.Of(target.At(argument), owner, $"RotaryScalingType.{scaling.Type} does not ask for it");
        }
    }

    private static IEnumerable<(string Argument, object Value, string Demand, string? Usual)> Wrong(
        RotaryScalingOptions scaling,
        double[] bases
    )
    {
        if (!(scaling.Factor >= 1) || double.IsInfinity(scaling.Factor))
            yield return ("factor", scaling.Factor, "be finite and at least 1", "1.0");
        if (scaling.Type != RotaryScalingType.Linear && scaling.OriginalContext is null)
            yield return ("OriginalContext", "left out", "be the context that the frequencies were trained with", null);
        foreach (var (name, value) in scaling.Given.Where(given => RotaryScalingOptions.IsOf(given.Name, scaling.Type)))
        {
            if (!(value > 0) || double.IsInfinity(value))
                yield return (name, value, "be positive and finite", Usual(name));
        }

        var (low, high) = (scaling.LowFrequencyFactor ?? 1, scaling.HighFrequencyFactor ?? 4);
        if (scaling.Type == RotaryScalingType.Llama3 && low > 0 && low >= high)
            yield return ("LowFrequencyFactor", low, Finding.Text($"be below HighFrequencyFactor, which is {high}"), null);
        var (fast, slow) = (scaling.BetaFast ?? 32, scaling.BetaSlow ?? 1);
        if (scaling.Type == RotaryScalingType.Yarn && slow > 0 && slow >= fast)
            yield return ("BetaSlow", slow, Finding.Text($"be below BetaFast, which is {fast}"), null);
        // Where all pairs turn alike, or the later ones faster, none is the last that turns often.
        if (scaling.Type == RotaryScalingType.Yarn && bases.FirstOrDefault(value => value is > 0 and <= 1) is var flat and > 0)
            yield return ("RotaryBase", flat, "be above 1 for RotaryScalingType.Yarn", null);
    }

    private static string? Usual(string argument) =>
        argument switch
        {
            "LowFrequencyFactor" or "BetaSlow" => "1",
            "HighFrequencyFactor" => "4",
            "BetaFast" => "32",
            _ => null,
        };
}
