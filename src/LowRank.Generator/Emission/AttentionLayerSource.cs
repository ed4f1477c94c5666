using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of an attention sublayer.</summary>
internal static class AttentionLayerSource
{
    public static void Write(SourceWriter writer, SublayerModel sublayer, AttentionModel attention, TransformerModel model)
    {
        var (heads, keyValueHeads, headSize) = (
            Literals.Of(attention.Heads),
            Literals.Of(attention.KeyValueHeads),
            Literals.Of(attention.HeadSize)
        );
        var isRotary = attention.RotarySize > 0;
        var name = Identifiers.LayerClass(sublayer.Name);
        writer.Write(
            $"/// <summary>Causal self-attention: {heads} heads of {headSize}, {keyValueHeads} key and value heads{Window(attention)}; "
                + $"[batch, sequence, {Literals.Of(model.Options.Width)}] to the same shape.</summary>"
        );
        using (writer.Block($"public sealed class {name} : Layers::CausalAttention, Layers::ILinearHost"))
        {
            if (isRotary)
                writer.Write("private readonly Layers::RotaryEmbedding rotary;\n");
            var rotaryParameter = isRotary ? "Layers::RotaryEmbedding rotary, " : "";
            writer.Write(
                $"""
                internal {name}(Layers::LinearLayer queryKeyValue, Layers::LinearLayer output, {rotaryParameter}Layers::ModelOptions options)
                    : base(nameof({name}), heads: {heads}, keyValueHeads: {keyValueHeads}, headSize: {headSize}{WindowArgument(attention)})
                """
            );
            using (writer.Block())
                WriteConstructor(writer, attention, model);
            WriteProperties(writer, attention, model);
            LinearHostSource.Write(writer, ("query_key_value", "QueryKeyValue"), ("output", "Output"));
            writer.Line();
            writer.Write("/// <inheritdoc/>");
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x, Layers::KeyValueCache? cache)"))
                WriteForward(writer, attention);
            DecodingSource.WriteAttention(writer, attention);
            AttentionPassSource.Write(writer, attention);
        }
    }

    private static string Window(AttentionModel attention) =>
        attention.Window is { } window ? $", a window of {Literals.Readable(window)} tokens" : "";

    private static string WindowArgument(AttentionModel attention) =>
        attention.Window is { } window ? $", window: {Literals.Of(window)}" : "";

    private static void WriteConstructor(SourceWriter writer, AttentionModel attention, TransformerModel model)
    {
        if (attention.RotarySize > 0)
            writer.Write("this.rotary = rotary;");
        writer.Write($"Norm = {NormSource.New(model)};");
        if (attention.HasQueryKeyNorm)
        {
            var norm = $"new Layers::RmsNorm({Literals.Of(attention.HeadSize)}, {Literals.Of(model.Options.NormEpsilon)}, options)";
            writer.Write($"QueryNorm = {norm};\nKeyNorm = {norm};");
        }

        writer.Write("QueryKeyValue = queryKeyValue;\nOutput = output;\nregister_module(\"norm\", Norm);");
        if (attention.HasQueryKeyNorm)
            writer.Write("register_module(\"query_norm\", QueryNorm);\nregister_module(\"key_norm\", KeyNorm);");
        writer.Write("register_module(\"query_key_value\", queryKeyValue);\nregister_module(\"output\", output);");
    }

    private static void WriteProperties(SourceWriter writer, AttentionModel attention, TransformerModel model)
    {
        var width = Literals.Of(model.Options.Width);
        writer.Write(
            $$"""

            /// <summary>The norm before the attention.</summary>
            public {{NormSource.Type(model)}} Norm { get; }
            """
        );
        if (attention.HasQueryKeyNorm)
        {
            writer.Write(
                """

                /// <summary>The norm of every query head.</summary>
                public Layers::RmsNorm QueryNorm { get; }

                /// <summary>The norm of every key head.</summary>
                public Layers::RmsNorm KeyNorm { get; }
                """
            );
        }

        writer.Write(
            $$"""

            /// <summary>Queries, keys and values side by side: {{width}} to ({{Literals.Of(attention.Heads)}} + 2 · {{Literals.Of(
                attention.KeyValueHeads
            )}}) · {{Literals.Of(attention.HeadSize)}} = {{Literals.Of(attention.ProjectedWidth)}}.</summary>
            public Layers::LinearLayer QueryKeyValue { get; private set; }

            /// <summary>The output projection: {{Literals.Of(attention.Width)}} to {{width}}.</summary>
            public Layers::LinearLayer Output { get; private set; }
            """
        );
    }

    private static void WriteForward(SourceWriter writer, AttentionModel attention)
    {
        var (heads, keyValueHeads) = (Literals.Of(attention.Heads), Literals.Of(attention.KeyValueHeads));
        var isRotary = attention.RotarySize > 0;
        writer.Write(
            $"""
            using var normalized = Norm.forward(x);
            using var projected = QueryKeyValue.forward(normalized);
            using var heads = projected.view(x.shape[0], x.shape[1], {Literals.Of(attention.ProjectedHeads)}, {Literals.Of(
                attention.HeadSize
            )});
            using var values = heads.narrow(2, {Literals.Of(attention.QueryKeyHeads)}, {keyValueHeads});
            """
        );
        if (attention.HasQueryKeyNorm)
        {
            var (queries, keys) = isRotary ? ("unrotatedQueries", "unrotatedKeys") : ("queries", "keys");
            writer.Write(
                $"""
                using var rawQueries = heads.narrow(2, 0, {heads});
                using var rawKeys = heads.narrow(2, {heads}, {keyValueHeads});
                using var {queries} = QueryNorm.forward(rawQueries);
                using var {keys} = KeyNorm.forward(rawKeys);
                """
            );
            if (isRotary)
            {
                writer.Write(
                    """
                    using var queries = rotary.Rotate(unrotatedQueries, cache?.Length ?? 0);
                    using var keys = rotary.Rotate(unrotatedKeys, cache?.Length ?? 0);
                    """
                );
            }
        }
        else
        {
            if (isRotary)
            {
                writer.Write(
                    $"""
                    // Queries and keys stand side by side and are rotated together.
                    using var unrotated = heads.narrow(2, 0, {Literals.Of(attention.QueryKeyHeads)});
                    using var rotated = rotary.Rotate(unrotated, cache?.Length ?? 0);
                    """
                );
            }

            var source = isRotary ? "rotated" : "heads";
            writer.Write(
                $"""
                using var queries = {source}.narrow(2, 0, {heads});
                using var keys = {source}.narrow(2, {heads}, {keyValueHeads});
                """
            );
        }

        writer.Write("using var attended = Attend(queries, keys, values, cache);\nreturn Output.forward(attended);");
    }
}
