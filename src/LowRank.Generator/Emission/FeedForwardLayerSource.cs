using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a feed-forward sublayer: its sizes and its forward pass. All else is its base class's.</summary>
internal static class FeedForwardLayerSource
{
    public static void Write(SourceWriter writer, SublayerModel sublayer, FeedForwardOptions options, TransformerModel model)
    {
        var name = Identifiers.LayerClass(sublayer.Name);
        var (width, hidden) = (Literals.Of(model.Options.Width), Literals.Of(options.Hidden));
        var linears = sublayer.Spans[0].Linears.Select(linear => Identifiers.Camel(linear.Name)).ToList();
        writer.Write(
            $"/// <summary>Feed-forward: {width} to {hidden}, {ActivationSource.Name(options.Activation)}{(options.Gated ? ", gated" : "")}, "
                + $"to {width}; [batch, sequence, {width}] to the same shape.</summary>"
        );
        using (writer.Block($"public sealed class {name} : Blocks::{(options.Gated ? "GatedFeedForward" : "FeedForward")}"))
        {
            var parameters = linears.Select(linear => $"Layers::LinearLayer {linear}");
            writer.Write(
                $$"""
                internal {{name}}({{string.Join(", ", parameters)}}, Layers::ModelOptions options)
                    : base({{Literals.Of(name)}}, {{Literals.Of(options.Activation)}}, {{NormSource.Before(model)}}, {{string.Join(
                    ", ",
                    linears
                )}}{{PostNorm(model)}})
                {
                }

                /// <inheritdoc/>
                """
            );
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x)"))
                WriteForward(writer, options, model, $"[batch, sequence, {width}]", $"[batch, sequence, {hidden}]");
        }
    }

    private static string PostNorm(TransformerModel model) => model.Options.HasNormAfter ? $", postNorm: {NormSource.New(model)}" : "";

    private static void WriteForward(SourceWriter writer, FeedForwardOptions options, TransformerModel model, string stream, string hidden)
    {
        var lines = new ShapedLines();
        var input = NormSource.Read(lines, model, stream);
        if (options.Gated)
        {
            lines.Add($"using var gate = Gate.forward({input});", hidden);
            ActivationSource.Write(lines, options.Activation, "gate", "activated", hidden);
            lines.Add($"using var up = Up.forward({input});", hidden);
            lines.Add("using var gated = activated.mul(up);", hidden);
            NormSource.Return(lines, model, "Down.forward(gated)", stream);
        }
        else
        {
            lines.Add($"using var hidden = Up.forward({input});", hidden);
            ActivationSource.Write(lines, options.Activation, "hidden", "activated", hidden);
            NormSource.Return(lines, model, "Down.forward(activated)", stream);
        }

        lines.Write(writer);
    }
}
