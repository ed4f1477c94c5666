using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>The numbers of one <c>[LoRA]</c> are in range.</summary>
internal static class LoraNumbers
{
    /// <param name="lora">What it says.</param>
    /// <param name="owner">What carries it, in words.</param>
    /// <param name="selected">The linears that it adapts, under the names that findings call them by.</param>
    public static IEnumerable<Finding> Check(LoraOptions lora, string owner, IEnumerable<(string Name, LinearModel Linear)> selected)
    {
        if (!(lora.Alpha > 0 && lora.Alpha <= double.MaxValue))
            yield return Finding.Of(LoraRules.Alpha, lora.Origin.At("alpha"), owner, lora.Alpha);
        if (lora.Dropout is not (>= 0 and < 1))
            yield return Finding.Of(LoraRules.Dropout, lora.Origin.At("Dropout"), owner, lora.Dropout);
        if (lora.Rank < 1)
        {
            yield return Finding.Of(LoraRules.RankOutOfRange, lora.Origin.At("rank"), lora.Rank, $"[LoRA] on '{owner}'", "below 1");
            yield break;
        }

        // Layers of one shape say the same thing; the first of them speaks for all.
        var tooLarge = selected
            .Where(pair => lora.Rank > Math.Min(pair.Linear.Inputs, pair.Linear.Outputs))
            .GroupBy(pair => (Math.Min(pair.Linear.Inputs, pair.Linear.Outputs), Math.Max(pair.Linear.Inputs, pair.Linear.Outputs)));
        foreach (var (name, linear) in tooLarge.Select(shape => shape.First()))
        {
            yield return Finding.Of(
                LoraRules.RankOutOfRange,
                lora.Origin.At("rank"),
                lora.Rank,
                name,
                Finding.Text(
                    $"above {Math.Min(linear.Inputs, linear.Outputs)}, the smaller side of its weight ({linear.Inputs} → {linear.Outputs})"
                )
            );
        }
    }
}
