using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>A <c>[RotaryScaling]</c> scales something, by numbers that its formula can take, and says nothing beyond those.</summary>
internal sealed class RotaryScalingRule : IRule<TransformerDeclaration>
{
    private const string Attribute = "RotaryScaling";

    public IEnumerable<Finding> Check(TransformerDeclaration declaration)
    {
        var transformer = declaration.Transformer;
        var scaled = new List<(Target Target, string Owner, RotaryScalingOptions Scaling, string? Idle, Turned[] Turned)>();
        if (declaration.RotaryScaling is { } ofClass)
        {
            var rotating = declaration
                .Sublayers.Where(sublayer => sublayer.Attention?.Rotates(transformer) == true && sublayer.RotaryScaling is null)
                .Select(sublayer => Turned.Of(sublayer.Attention!, transformer))
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
            Turned[] turned = sublayer.Attention is { } its ? [Turned.Of(its, transformer)] : [];
            scaled.Add((sublayer.Target with { Attribute = Attribute }, sublayer.Property.Name, own, idle, turned));
        }

        foreach (var (target, owner, scaling, idle, turned) in scaled)
        {
            if (idle is not null)
                yield return Finding.Of(ShapeRules.ScalesNothing, target, owner, idle);
            foreach (var (argument, value, demand, usual) in Wrong(scaling, turned).Concat(WrongLists(scaling, turned)))
                yield return Finding.Of(ShapeRules.RotaryScaling, target.At(argument), argument, owner, value, demand) with
                {
                    Suggestion = usual,
                };
            var given = scaling.Given.Select(argument => argument.Name).Concat(scaling.GivenLists.Select(list => list.Name));
            foreach (var argument in given.Where(name => !RotaryScalingOptions.IsOf(name, scaling.Type)))
                yield return IdleOption.Of(target.At(argument), owner, $"RotaryScalingType.{scaling.Type} does not ask for it");
        }
    }

    private static IEnumerable<(string Argument, object Value, string Demand, string? Usual)> Wrong(
        RotaryScalingOptions scaling,
        Turned[] turned
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
        if (scaling.Type == RotaryScalingType.Yarn && turned.FirstOrDefault(one => one.Base is > 0 and <= 1).Base is var flat and > 0)
            yield return ("RotaryBase", flat, "be above 1 for RotaryScalingType.Yarn", null);
    }

    // One number for each pair that turns.
    private static IEnumerable<(string Argument, object Value, string Demand, string? Usual)> WrongLists(
        RotaryScalingOptions scaling,
        Turned[] turned
    )
    {
        if (scaling.Type != RotaryScalingType.LongRope)
            yield break;
        if (scaling.OriginalContext == 1)
            yield return ("OriginalContext", 1, "be at least 2 for RotaryScalingType.LongRope", null);
        foreach (var (name, values) in new[] { ("ShortFactors", scaling.ShortFactors), ("LongFactors", scaling.LongFactors) })
        {
            if (turned.FirstOrDefault(one => one.Pairs > 0 && one.Pairs != values.Count).Pairs is var pairs and > 0)
                yield return (
                    name,
                    values.Count == 0 ? "left out" : Finding.Text($"a list of {values.Count}"),
                    Finding.Text($"hold {pairs} numbers, one for each pair of elements that turns"),
                    null
                );
            var wrong = values.Where(value => !(value > 0) || double.IsInfinity(value)).Take(1).ToList();
            if (wrong.Count > 0)
                yield return (name, Finding.Text($"a list with {wrong[0]}"), "hold positive and finite numbers", null);
        }
    }

    private static string? Usual(string argument) =>
        argument switch
        {
            "LowFrequencyFactor" or "BetaSlow" => "1",
            "HighFrequencyFactor" => "4",
            "BetaFast" => "32",
            _ => null,
        };

    /// <param name="Base">The base of an attention's frequencies.</param>
    /// <param name="Pairs">How many of them it has; 0 where other rules say what is wrong.</param>
    private readonly record struct Turned(double Base, int Pairs)
    {
        public static Turned Of(AttentionOptions attention, TransformerOptions transformer) =>
            new(attention.RotaryBase ?? transformer.RotaryBase, (AttentionShape.Infer(attention, transformer)?.Rotation?.Size ?? 0) / 2);
    }
}
