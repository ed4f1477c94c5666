using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The forward pass from token ids to the final norm.</summary>
internal static class HiddenSource
{
    public static void Write(SourceWriter writer, TransformerModel model)
    {
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("public override Torch::torch.Tensor Hidden(Torch::torch.Tensor tokens, Layers::KeyValueCache? cache = null)"))
        {
            var shape = $"[batch, sequence, {Literals.Of(model.Options.Width)}]";
            if (model.Options.Positions == Positions.Learned)
            {
                writer.Write("Torch::torch.Tensor x;");
                new ShapedLines()
                    .Add("using (var tokenVectors = embedding.forward(tokens))", shape)
                    .Add(
                        "using (var positionVectors = positions.Weight.narrow(0, cache?.Length ?? 0, tokens.shape[1]))",
                        $"[sequence, {Literals.Of(model.Options.Width)}]"
                    )
                    .Add("    x = Layers::ResidualPath.Sum(tokenVectors, positionVectors);", shape)
                    .Write(writer);
            }
            else
            {
                writer.Write($"var x = embedding.forward(tokens); // {shape}");
            }

            writer.Write(
                $$"""
                foreach (var block in blocks)
                {
                    using var input = x;
                    x = block.forward(input, cache); // {{shape}}
                }

                using (x)
                    return finalNorm.forward(x); // {{shape}}
                """
            );
        }
    }
}
