using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a latent attention sublayer: its sizes and its forward pass. All else is its base class's.</summary>
internal static class LatentAttentionLayerSource
{
    public static void Write(
        SourceWriter writer,
        SublayerModel sublayer,
        AttentionModel attention,
        LatentModel latent,
        TransformerModel model
    )
    {
        var name = Identifiers.LayerClass(sublayer.Name);
        var window = attention.Window is { } tokens ? $", a window of {Literals.Readable(tokens)} tokens" : "";
        var rotated = attention.RotarySize > 0 ? $"{Literals.Of(attention.RotarySize)} + " : "";
        writer.Write(
            $"/// <summary>Latent attention: {Literals.Of(attention.Heads)} heads of {rotated}{Literals.Of(latent.ContentSize)}, values of "
                + $"{Literals.Of(latent.ValueSize)}, expanded from latents of {Literals.Of(latent.KeyValueRank)}{window}; "
                + $"[batch, sequence, {Literals.Of(model.Options.Width)}] to the same shape.</summary>"
        );
        using (writer.Block($"public sealed class {name} : Blocks::LatentAttention"))
        {
            WriteConstructor(writer, name, attention, latent, model);
            writer.Write("\n/// <inheritdoc/>");
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x, Layers::KeyValueCache? cache)"))
                WriteForward(writer, attention, latent, model);
        }
    }

    private static void WriteConstructor(
        SourceWriter writer,
        string name,
        AttentionModel attention,
        LatentModel latent,
        TransformerModel model
    )
    {
        var (isRotary, hasQueryLatents) = (attention.RotarySize > 0, latent.QueryRank > 0);
        var parameters = LatentModel
            .Roles(hasQueryLatents)
            .Select(role => $"Layers::LinearLayer {Identifiers.Camel(role)}")
            .Concat(isRotary ? ["Layers::RotaryEmbedding rotary"] : Array.Empty<string>())
            .Append("Layers::ModelOptions options");
        string Norm(int size) => $"new Layers::RmsNorm({Literals.Of(size)}, {Literals.Of(model.Options.NormEpsilon)}, options)";
        string[] arguments =
        [
            $"{Literals.Of(name)}, heads: {Literals.Of(attention.Heads)}",
            $"norm: {NormSource.Before(model)}",
            "query, keyValueDown, key, value, output",
            .. hasQueryLatents ? ["queryDown: queryDown"] : Array.Empty<string>(),
            .. hasQueryLatents && latent.HasNorm ? [$"queryNorm: {Norm(latent.QueryRank)}"] : Array.Empty<string>(),
            .. latent.HasNorm ? [$"keyValueNorm: {Norm(latent.KeyValueRank)}"] : Array.Empty<string>(),
            .. isRotary ? ["rotary: rotary"] : Array.Empty<string>(),
            .. attention.Window is { } window ? [$"window: {Literals.Of(window)}"] : Array.Empty<string>(),
            .. model.Options.HasNormAfter ? [$"postNorm: {NormSource.New(model)}"] : Array.Empty<string>(),
        ];
        writer.Write(
            $"internal {name}({string.Join(", ", parameters)})\n    : base(\n        {string.Join(",\n        ", arguments)})\n{AttentionLayerSource.Body(model)}"
        );
    }

    private static void WriteForward(SourceWriter writer, AttentionModel attention, LatentModel latent, TransformerModel model)
    {
        var (heads, headSize, rotarySize) = (
            Literals.Of(attention.Heads),
            Literals.Of(attention.HeadSize),
            Literals.Of(attention.RotarySize)
        );
        var (rank, contentSize, valueSize) = (
            Literals.Of(latent.KeyValueRank),
            Literals.Of(latent.ContentSize),
            Literals.Of(latent.ValueSize)
        );
        var isRotary = attention.RotarySize > 0;
        var rotatedHead = isRotary ? $"{rotarySize} + {contentSize}" : contentSize;
        var width = Literals.Of(model.Options.Width);
        var stream = $"[batch, sequence, {width}]";
        var lines = new ShapedLines();
        var input = NormSource.Read(lines, model, stream);
        AddQueries(lines, attention, latent, input, $"[batch, sequence, {heads}, {rotatedHead}]");

        var raw = latent.HasNorm ? "rawLatents" : "latents";
        lines.Add(
            $"using var down = KeyValueDown.forward({input});",
            isRotary ? $"[batch, sequence, {rank} + {rotarySize}]: latents and the shared key" : $"[batch, sequence, {rank}]"
        );
        lines.Add($"using var {raw} = down.narrow(2, 0, {rank});", $"[batch, sequence, {rank}]");
        if (latent.HasNorm)
            lines.Add("using var latents = KeyValueNorm.forward(rawLatents);", $"[batch, sequence, {rank}]");
        if (isRotary)
        {
            lines
                .Add($"using var flatKeys = down.narrow(2, {rank}, {rotarySize});", $"[batch, sequence, {rotarySize}]")
                .Add("using var unrotatedKeys = flatKeys.unsqueeze(2);", $"[batch, sequence, 1, {rotarySize}]: one for all heads")
                .Add("using var sharedKeys = Rotary.Rotate(unrotatedKeys, cache?.Length ?? 0);", $"[batch, sequence, 1, {rotarySize}]");
        }

        lines.Add(
            $"using var rows = base.Remember(latents, {(isRotary ? "sharedKeys" : "null")}, cache);",
            "latents and shared keys of all tokens in sight"
        );
        lines.Write(writer);
        using (writer.Block("if (base.IsAbsorbed(queries, rows))"))
        {
            var absorbed = new ShapedLines().Add(
                "using var absorbed = base.AttendAbsorbed(queries, rows);",
                $"[batch, sequence, {Literals.Of(attention.ValueWidth)}]"
            );
            NormSource.Return(absorbed, model, "Output.forward(absorbed)", stream, "absorbedOutput");
            absorbed.Write(writer);
        }

        writer.Line();
        var content = isRotary ? "content" : "keys";
        lines = new ShapedLines()
            .Add(
                "using var expandedKeys = Key.forward(rows.Latents);",
                $"[batch, tokens, {Literals.Of(attention.Heads * latent.ContentSize)}]"
            )
            .Add(
                $"using var {content} = expandedKeys.view(x.shape[0], rows.Tokens, {heads}, {contentSize});",
                $"[batch, tokens, {heads}, {contentSize}]"
            );
        if (isRotary)
            lines.Add("using var keys = JoinKeys(content, rows.SharedKeys);", $"[batch, tokens, {heads}, {rotatedHead}]");
        lines
            .Add("using var expandedValues = Value.forward(rows.Latents);", $"[batch, tokens, {Literals.Of(attention.ValueWidth)}]")
            .Add(
                $"using var values = expandedValues.view(x.shape[0], rows.Tokens, {heads}, {valueSize});",
                $"[batch, tokens, {heads}, {valueSize}]"
            )
            .Add(
                "using var attended = AttendBehind(queries, keys, values, rows.Earlier);",
                $"[batch, sequence, {Literals.Of(attention.ValueWidth)}]"
            );
        NormSource.Return(lines, model, "Output.forward(attended)", stream);
        lines.Write(writer);
    }

    private static void AddQueries(ShapedLines lines, AttentionModel attention, LatentModel latent, string input, string shape)
    {
        if (latent.QueryRank > 0)
        {
            var latents = $"[batch, sequence, {Literals.Of(latent.QueryRank)}]";
            var raw = latent.HasNorm ? "rawQueryLatents" : "queryLatents";
            lines.Add($"using var {raw} = QueryDown.forward({input});", latents);
            if (latent.HasNorm)
                lines.Add("using var queryLatents = QueryNorm.forward(rawQueryLatents);", latents);
            input = "queryLatents";
        }

        var heads = attention.RotarySize > 0 ? "unrotatedQueries" : "queries";
        lines
            .Add($"using var projected = Query.forward({input});", $"[batch, sequence, {Literals.Of(attention.Width)}]")
            .Add(
                $"using var {heads} = projected.view(x.shape[0], x.shape[1], {Literals.Of(attention.Heads)}, {Literals.Of(attention.HeadSize)});",
                shape
            );
        if (attention.RotarySize > 0)
            lines.Add("using var queries = Rotary.Rotate(unrotatedQueries, cache?.Length ?? 0);", shape + ": the first elements turn");
    }
}
