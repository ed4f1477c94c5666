using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;

namespace LowRank.Generator.Checks;

/// <summary>Every size is at least 1.</summary>
internal sealed class SizeNotPositiveRule : IRule
{
    public IEnumerable<Finding> Check(TransformerDeclaration declaration, TransformerModel model) =>
        Sizes(declaration)
            .Where(size => size.Value < 1)
            .Select(size =>
                Finding.Of(ShapeRules.SizeNotPositive, size.Target, size.Target.Argument!, size.Owner, size.Value!.Value) with
                {
                    Suggestion = "1",
                }
            );

    private static IEnumerable<(Target Target, string Owner, long? Value)> Sizes(TransformerDeclaration declaration)
    {
        var name = declaration.Type.Name;
        var transformer = new Target(Attribute: "Transformer");
        yield return (transformer.At("vocabulary"), name, declaration.Transformer.Vocabulary);
        yield return (transformer.At("context"), name, declaration.Transformer.Context);
        yield return (transformer.At("width"), name, declaration.Transformer.Width);
        yield return (transformer.At("depth"), name, declaration.Transformer.Depth);
        if (declaration.Run is { } run)
        {
            var training = new Target(Attribute: "TrainingRun");
            yield return (training.At("tokens"), name, run.Tokens);
            yield return (training.At("sequencesPerStep"), name, run.SequencesPerStep);
            yield return (training.At("SequencesPerMicroBatch"), name, run.SequencesPerMicroBatch);
        }

        foreach (var sublayer in declaration.Sublayers)
        {
            var attention = sublayer.Target with { Attribute = "Attention" };
            yield return (attention.At("heads"), sublayer.Property.Name, sublayer.Attention?.Heads);
            yield return (attention.At("KeyValueHeads"), sublayer.Property.Name, sublayer.Attention?.KeyValueHeads);
            yield return (attention.At("HeadSize"), sublayer.Property.Name, sublayer.Attention?.HeadSize);
            yield return (attention.At("Window"), sublayer.Property.Name, sublayer.Attention?.Window);
            yield return (
                (sublayer.Target with { Attribute = "FeedForward" }).At("hidden"),
                sublayer.Property.Name,
                sublayer.FeedForward?.Hidden
            );
        }
    }
}
