using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The recorded forward pass of a block and its way back.</summary>
internal static class BlockPassSource
{
    public static void Write(SourceWriter writer, TransformerModel model)
    {
        var isParallel = model.Options.Residual == Residual.Parallel;
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("public Torch::torch.Tensor Record(Torch::torch.Tensor x, Layers::Tape tape)"))
            WriteRecord(writer, model, isParallel);
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("public void Backward(Torch::torch.Tensor gradient, Layers::Tape tape)"))
            WriteBackward(writer, model, isParallel);
    }

    private static void WriteRecord(SourceWriter writer, TransformerModel model, bool isParallel)
    {
        writer.Write("var stream = x.alias();");
        foreach (var sublayer in model.Sublayers)
        {
            var member = Literals.Identifier(sublayer.Name);
            using (writer.Block(BlockPresence.IsInEvery(sublayer, model) ? null : $"if ({member} is not null)"))
            {
                writer.Write($"using var before = stream;");
                writer.Write($"stream = Layers::ResidualPath.Add(before, {member}.Record({(isParallel ? "x" : "before")}, tape));");
            }

            writer.Line();
        }

        writer.Write("return stream;");
    }

    private static void WriteBackward(SourceWriter writer, TransformerModel model, bool isParallel)
    {
        writer.Write(
            isParallel
                ? "// Every sublayer got the same x: each starts from the gradient of the sum, whatever the others have added meanwhile.\n"
                    + "using var upstream = Layers::ResidualPath.Upstream(gradient, tape, copies: true);"
                : "// Last sublayer first; each adds its share to the gradient that passes it by."
        );
        foreach (var sublayer in model.Sublayers.Reverse())
        {
            var member = Literals.Identifier(sublayer.Name);
            var condition = BlockPresence.IsInEvery(sublayer, model) ? null : $"if ({member} is not null)";
            if (isParallel)
            {
                writer.Write(
                    condition is null
                        ? $"{member}.Backward(upstream, gradient, tape);"
                        : $"{condition}\n    {member}.Backward(upstream, gradient, tape);"
                );
                continue;
            }

            using (writer.Block(condition))
            {
                writer.Write("using var upstream = Layers::ResidualPath.Upstream(gradient, tape);");
                writer.Write($"{member}.Backward(upstream, gradient, tape);");
            }
        }
    }
}
