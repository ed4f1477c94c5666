using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a feed-forward sublayer.</summary>
internal static class FeedForwardLayerSource
{
    public static void Write(SourceWriter writer, SublayerModel sublayer, FeedForwardOptions options, TransformerModel model)
    {
        var name = Identifiers.LayerClass(sublayer.Name);
        var (width, hidden) = (Literals.Of(model.Options.Width), Literals.Of(options.Hidden));
        var linears = sublayer.Spans[0].Linears;
        writer.Write(
            $"/// <summary>Feed-forward: {width} to {hidden}, {ActivationSource.Name(options.Activation)}{(options.Gated ? ", gated" : "")}, "
                + $"to {width}; [batch, sequence, {width}] to the same shape.</summary>"
        );
        using (writer.Block($"public sealed class {name} : Layers::Layer, Layers::ILinearHost"))
        {
            var parameters = linears.Select(linear => $"Layers::LinearLayer {Identifiers.Camel(linear.Name)}");
            writer.Write($"internal {name}({string.Join(", ", parameters)}, Layers::ModelOptions options)\n    : base(nameof({name}))");
            using (writer.Block())
            {
                writer.Write($"Norm = {NormSource.New(model)};");
                foreach (var linear in linears)
                    writer.Write($"{linear.Name} = {Identifiers.Camel(linear.Name)};");
                writer.Write("register_module(\"norm\", Norm);");
                foreach (var linear in linears)
                    writer.Write($"register_module(\"{Identifiers.Snake(linear.Name)}\", {Identifiers.Camel(linear.Name)});");
            }

            writer.Write(
                $"\n/// <summary>The norm before the feed-forward layers.</summary>\npublic {NormSource.Type(model)} Norm {{ get; }}"
            );
            foreach (var linear in linears)
            {
                writer.Write($"\n/// <summary>{Literals.Of(linear.Inputs)} to {Literals.Of(linear.Outputs)}.</summary>");
                writer.Write($"public Layers::LinearLayer {linear.Name} {{ get; private set; }}");
            }

            LinearHostSource.Write(writer, [.. linears.Select(linear => (Identifiers.Snake(linear.Name), linear.Name))]);

            writer.Line();
            writer.Write("/// <inheritdoc/>");
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x)"))
                WriteForward(writer, options);
            DecodingSource.WriteFeedForward(writer, options);
            FeedForwardPassSource.Write(writer, options);
        }
    }

    private static void WriteForward(SourceWriter writer, FeedForwardOptions options)
    {
        writer.Write("using var normalized = Norm.forward(x);");
        if (options.Gated)
        {
            writer.Write("using var gate = Gate.forward(normalized);");
            ActivationSource.Write(writer, options.Activation, "gate", "activated");
            writer.Write("using var up = Up.forward(normalized);\nusing var gated = activated.mul(up);\nreturn Down.forward(gated);");
        }
        else
        {
            writer.Write("using var hidden = Up.forward(normalized);");
            ActivationSource.Write(writer, options.Activation, "hidden", "activated");
            writer.Write("return Down.forward(activated);");
        }
    }
}
