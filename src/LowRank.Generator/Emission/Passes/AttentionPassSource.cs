using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The recorded forward pass of an attention sublayer and its way back, differentiated by hand.</summary>
internal static class AttentionPassSource
{
    public static void Write(SourceWriter writer, AttentionModel attention)
    {
        writer.Line();
        writer.Write("// The forward pass for training: what the way back needs stays on the tape.");
        using (writer.Block("internal Torch::torch.Tensor Record(Torch::torch.Tensor x, Layers::Tape tape)"))
            WriteRecord(writer, attention);
        writer.Line();
        writer.Write("// The way back: from the gradient of the output, upstream, to that of x, which is added to gradient.");
        using (writer.Block("internal void Backward(Torch::torch.Tensor upstream, Torch::torch.Tensor gradient, Layers::Tape tape)"))
            WriteBackward(writer, attention);
    }

    private static void WriteRecord(SourceWriter writer, AttentionModel attention)
    {
        var (heads, keyValueHeads) = (Literals.Of(attention.Heads), Literals.Of(attention.KeyValueHeads));
        var isRotary = attention.RotarySize > 0;
        writer.Write(
            $"""
            using var normalized = Norm.Record(x, tape);
            using var projected = QueryKeyValue.Record(normalized, tape);
            using var heads = projected.view(x.shape[0], x.shape[1], {Literals.Of(attention.ProjectedHeads)}, {Literals.Of(
                attention.HeadSize
            )});
            """
        );
        if (attention.HasQueryKeyNorm)
        {
            writer.Write(
                $"""
                using var rawQueries = Contiguous(heads, 0, {heads});
                using var rawKeys = Contiguous(heads, {heads}, {keyValueHeads});
                using var queries = QueryNorm.Record(rawQueries, tape);
                using var keys = KeyNorm.Record(rawKeys, tape);
                """
            );
            if (isRotary)
                writer.Write($"rotary.RotateInPlace(queries, {heads});\nrotary.RotateInPlace(keys, {keyValueHeads});");
        }
        else
        {
            if (isRotary)
                writer.Write(
                    $"// Queries and keys stand side by side and are rotated together.\nrotary.RotateInPlace(heads, {Literals.Of(attention.QueryKeyHeads)});"
                );
            writer.Write(
                $"""
                using var queries = heads.narrow(2, 0, {heads});
                using var keys = heads.narrow(2, {heads}, {keyValueHeads});
                """
            );
        }

        writer.Write(
            $"""
            using var values = heads.narrow(2, {Literals.Of(attention.QueryKeyHeads)}, {keyValueHeads});
            using var attended = RecordAttention(queries, keys, values, tape);
            return Output.Record(attended, tape);
            """
        );
    }

    private static void WriteBackward(SourceWriter writer, AttentionModel attention)
    {
        var isRotary = attention.RotarySize > 0;
        writer.Write(
            """
            Torch::torch.Tensor headsGradient;
            using (var attendedGradient = Output.Backward(upstream, tape))
                headsGradient = AttentionBackward(attendedGradient, tape);
            """
        );
        if (attention.HasQueryKeyNorm)
            WriteNormBackward(writer, attention, isRotary);
        if (isRotary && !attention.HasQueryKeyNorm)
            writer.Write($"rotary.RotateBack(headsGradient, {Literals.Of(attention.QueryKeyHeads)});");
        writer.Write(
            $"""
            using var projectedGradient = headsGradient.view(gradient.shape[0], gradient.shape[1], {Literals.Of(attention.ProjectedWidth)});
            headsGradient.Dispose();
            using var normalizedGradient = QueryKeyValue.Backward(projectedGradient, tape);
            Norm.Backward(normalizedGradient, tape, gradient);
            """
        );
    }

    private static void WriteNormBackward(SourceWriter writer, AttentionModel attention, bool isRotary)
    {
        foreach (
            var (norm, first, heads) in new[] { ("KeyNorm", attention.Heads, attention.KeyValueHeads), ("QueryNorm", 0, attention.Heads) }
        )
        {
            var rotateBack = isRotary ? $"rotary.RotateBack(normalized, {Literals.Of(heads)});\n    " : "";
            writer.Write(
                $$"""
                using (var normed = headsGradient.narrow(2, {{Literals.Of(first)}}, {{Literals.Of(heads)}}))
                using (var normalized = normed.contiguous())
                using (var raw = Torch::torch.zeros(normalized.shape, normalized.dtype, normalized.device))
                {
                    {{rotateBack}}{{norm}}.Backward(normalized, tape, raw);
                    normed.copy_(raw);
                }

                """
            );
        }
    }
}
