using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>An adapter's numbers are in range, it has something to adapt, and what it adapts is full-size.</summary>
internal sealed class LoraRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer) =>
        transformer.Declaration.Loras.SelectMany(lora =>
            LoraNumbers
                .Check(
                    lora,
                    lora.Origin.OwnerOf(transformer.Declaration.Type.Name),
                    Selected(lora, transformer.Model).Select(pair => ($"{pair.Sublayer}.{pair.Linear.Name}", pair.Linear))
                )
                .Concat(Selection(lora, transformer))
        );

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
                Finding.Text($" in block {factored.Block}"),
                factored.Linear.Rank,
                "let Layers or Projections of one leave it to the other, or remove one of them"
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
