using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>An adapter's numbers are in range, it has something to adapt, and what it adapts is full-size.</summary>
internal sealed class LoraRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer) =>
        transformer.Declaration.Loras.SelectMany(lora =>
            Numbers(lora, transformer.Declaration, transformer.Model).Concat(Selection(lora, transformer))
        );

    private static IEnumerable<Finding> Numbers(LoraOptions lora, TransformerDeclaration declaration, TransformerModel model)
    {
        var owner = lora.Origin.OwnerOf(declaration.Type.Name);
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
        var tooLarge = Selected(lora, model)
            .Where(pair => lora.Rank > Math.Min(pair.Linear.Inputs, pair.Linear.Outputs))
            .GroupBy(pair => (Math.Min(pair.Linear.Inputs, pair.Linear.Outputs), Math.Max(pair.Linear.Inputs, pair.Linear.Outputs)));
        foreach (var (sublayer, _, linear) in tooLarge.Select(shape => shape.First()))
        {
            yield return Finding.Of(
                LoraRules.RankOutOfRange,
                lora.Origin.At("rank"),
                lora.Rank,
                $"{sublayer}.{linear.Name}",
                Finding.Text(
                    $"above {Math.Min(linear.Inputs, linear.Outputs)}, the smaller side of its weight ({linear.Inputs} → {linear.Outputs})"
                )
            );
        }
    }

    private static IEnumerable<Finding> Selection(LoraOptions lora, SizedTransformer transformer)
    {
        var (declaration, model) = transformer;
        var owner = lora.Origin.OwnerOf(declaration.Type.Name);
        var factored = Selected(lora, model).FirstOrDefault(pair => pair.Linear.LowRank is not null);
        if (factored.Linear is not null)
            yield return Finding.Of(
                LoraRules.LoraAndLowRank,
                lora.Origin,
                owner,
                $"{factored.Sublayer}.{factored.Linear.Name}",
                factored.Block,
                factored.Linear.Rank
            );
        // Sublayers without sizes are missing from the model; on the assembly it may be meant for another one.
        if (lora.Origin.IsAssembly || !transformer.IsWhole || Selected(lora, model).Any() || lora.Projections == 0)
            yield break;
        var available = MissingProjectionRule.Available(lora, model);
        yield return Finding.Of(
            LoraRules.SelectsNothing,
            lora.Origin,
            owner,
            available.Count == 0 ? "the layers of a [Part] get their adapters within its own class, where [LoRA] belongs"
                : available.Any(lora.Selects) ? "its Layers name no block that has the sublayer, or a nearer [LoRA] selects what it could"
                : $"there are {string.Join(", ", available)}"
        );
    }

    private static IEnumerable<(string Sublayer, int Block, LinearModel Linear)> Selected(LoraOptions lora, TransformerModel model) =>
        model.Sublayers.SelectMany(sublayer =>
            sublayer.Linears.Where(pair => lora.Equals(pair.Linear.Lora)).Select(pair => (sublayer.Name, pair.Span.First, pair.Linear))
        );
}
