using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The recorded pass of a whole model, from token ids to the final norm, and its way back.</summary>
internal static class ModelPassSource
{
    public static void Write(SourceWriter writer, TransformerModel model)
    {
        var hasPositions = model.Options.Positions == Positions.Learned;
        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("public override Torch::torch.Tensor Record(Torch::torch.Tensor tokens, Layers::Tape tape)"))
        {
            writer.Write("var x = embedding.Record(tokens, tape);");
            if (hasPositions)
                writer.Write("positions.AddPositions(x);");
            var record = model.Options.ActivationCheckpointing
                ? "Layers::Recomputation.Record(blocks[index], input, tape)"
                : "blocks[index].Record(input, tape)";
            writer.Write(
                $$"""
                for (var index = 0; index < blocks.Count; index++)
                {
                    using var input = x;
                    // Below the first block that is trained, no pass goes back.
                    x = index < FirstTrainableBlock ? blocks[index].forward(input, null) : {{record}};
                }

                using (x)
                    return finalNorm.Record(x, tape);
                """
            );
        }

        writer.Line();
        writer.Write("/// <inheritdoc/>");
        using (writer.Block("public override void Backward(Torch::torch.Tensor gradient, Layers::Tape tape)"))
        {
            var backward = model.Options.ActivationCheckpointing
                ? "Layers::Recomputation.Backward(blocks[index], stream, tape)"
                : "blocks[index].Backward(stream, tape)";
            writer.Write(
                $"""
                using var stream = Torch::torch.zeros(gradient.shape, Options.DataType, gradient.device);
                finalNorm.Backward(gradient, tape, stream);
                for (var index = blocks.Count - 1; index >= FirstTrainableBlock; index--)
                    {backward};
                """
            );
            if (hasPositions)
                writer.Write("positions.AddPositionGradients(stream);");
            writer.Write("embedding.Backward(stream, tape);");
        }
    }
}
