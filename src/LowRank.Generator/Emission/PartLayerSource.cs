using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a sublayer that is a module of the user's own: the norm before it, and the module.</summary>
internal static class PartLayerSource
{
    public static void Write(SourceWriter writer, SublayerModel sublayer, PartOptions part, TransformerModel model)
    {
        var (name, width) = (Identifiers.LayerClass(sublayer.Name), Literals.Of(model.Options.Width));
        writer.Write($"/// <summary>A {part.Name} of the user's own: [batch, sequence, {width}] to the same shape.</summary>");
        using (writer.Block($"public sealed class {name} : Blocks::ModuleSublayer"))
        {
            writer.Write(
                $$"""
                internal {{name}}({{part.Type}} module, Layers::ModelOptions options)
                    : base(
                        {{Literals.Of(name)}},
                        norm: {{NormSource.Before(model)}},
                        module,
                        ownParameters: {{Literals.Of(part.OwnParameters)}},
                        ownFlopsPerToken: {{Literals.Of(part.OwnFlopsPerToken)}}{{(
                    model.Options.HasNormAfter ? $",\n        postNorm: {NormSource.New(model)}" : ""
                )}})
                {
                    Module = module;
                }

                /// <summary>The module.</summary>
                public {{part.Type}} Module { get; }

                /// <inheritdoc/>
                """
            );
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x, Layers::KeyValueCache? cache)"))
            {
                var shape = $"[batch, sequence, {width}]";
                var lines = new ShapedLines();
                var input = NormSource.Read(lines, model, shape);
                NormSource.Return(lines, model, $"Run({input}, cache)", shape);
                lines.Write(writer);
            }
        }
    }
}
