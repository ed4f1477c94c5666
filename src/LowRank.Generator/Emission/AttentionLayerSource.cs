using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of an attention sublayer: its sizes and its forward pass. All else is its base class's.</summary>
internal static class AttentionLayerSource
{
    public static void Write(SourceWriter writer, SublayerModel sublayer, AttentionModel attention, TransformerModel model)
    {
        var (heads, keyValueHeads, headSize) = (
            Literals.Of(attention.Heads),
            Literals.Of(attention.KeyValueHeads),
            Literals.Of(attention.HeadSize)
        );
        var name = Identifiers.LayerClass(sublayer.Name);
        writer.Write(
            $"/// <summary>{(model.Options.Causal ? "Causal self-attention" : "Self-attention in both directions")}: {heads} heads of {headSize}, {keyValueHeads} key and value heads{Window(attention)}; "
                + $"[batch, sequence, {Literals.Of(model.Options.Width)}] to the same shape.</summary>"
        );
        var baseClass = attention.HasQueryKeyNorm ? "NormalizedSelfAttention" : "SelfAttention";
        using (writer.Block($"public sealed class {name} : Blocks::{baseClass}"))
        {
            WriteConstructor(writer, name, attention, model);
            writer.Write("\n/// <inheritdoc/>");
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x, Layers::KeyValueCache? cache)"))
                WriteForward(writer, attention, model);
        }
    }

    /// <summary>The body of the constructor.</summary>
    public static string Body(TransformerModel model) => model.Options.Causal ? "{\n}" : "{\n    IsCausal = false;\n}";

    private static string Window(AttentionModel attention) =>
        attention.Window is { } window ? $", a window of {Literals.Readable(window)} tokens" : "";

    private static void WriteConstructor(SourceWriter writer, string name, AttentionModel attention, TransformerModel model)
    {
        var isRotary = attention.Rotation is not null;
        var rotary = isRotary ? "Layers::RotaryEmbedding rotary, " : "";
        string[] arguments =
        [
            $"{Literals.Of(name)}, heads: {Literals.Of(attention.Heads)}, keyValueHeads: {Literals.Of(attention.KeyValueHeads)}, headSize: {Literals.Of(attention.HeadSize)}",
            $"norm: {NormSource.Before(model)}",
            .. attention.HasQueryKeyNorm
                ? [$"queryNorm: {Norm(attention.QueryNormWidth, model)}", $"keyNorm: {Norm(attention.KeyNormWidth, model)}"]
                : Array.Empty<string>(),
            $"queryKeyValue, output{(isRotary ? ", rotary" : "")}{(attention.Window is { } window ? $", window: {Literals.Of(window)}" : "")}",
            .. Scores(attention) is { Length: > 0 } scores ? [$"scores: new Layers::ScoreForm({scores})"] : Array.Empty<string>(),
            .. model.Options.HasNormAfter ? [$"postNorm: {NormSource.New(model)}"] : Array.Empty<string>(),
        ];
        writer.Write(
            $"internal {name}(Layers::LinearLayer queryKeyValue, Layers::LinearLayer output, {rotary}Layers::ModelOptions options)\n"
                + $"    : base(\n        {string.Join(",\n        ", arguments)})\n{Body(model)}"
        );
    }

    private static string Scores(AttentionModel attention) =>
        string.Join(
            ", ",
            new[] { ("Scale", attention.ScoreScale), ("SoftCap", attention.ScoreSoftCap) }
                .Where(number => number.Item2 is not null)
                .Select(number => $"{number.Item1}: {Literals.Of(number.Item2!.Value)}")
        );

    private static string Norm(int width, TransformerModel model) =>
        $"new Layers::RmsNorm({Literals.Of(width)}, {Literals.Of(model.Options.NormEpsilon)}, options)";

    private static void WriteForward(SourceWriter writer, AttentionModel attention, TransformerModel model)
    {
        var (heads, keyValueHeads, size) = (
            Literals.Of(attention.Heads),
            Literals.Of(attention.KeyValueHeads),
            Literals.Of(attention.HeadSize)
        );
        var stream = $"[batch, sequence, {Literals.Of(model.Options.Width)}]";
        var queries = $"[batch, sequence, {heads}, {size}]";
        var keys = $"[batch, sequence, {keyValueHeads}, {size}]";
        var both = $"[batch, sequence, {heads} + {keyValueHeads}, {size}]";
        var isRotary = attention.Rotation is not null;
        var lines = new ShapedLines();
        var input = NormSource.Read(lines, model, stream);
        lines
            .Add($"using var projected = QueryKeyValue.forward({input});", $"[batch, sequence, {Literals.Of(attention.ProjectedWidth)}]")
            .Add(
                $"using var heads = projected.view(x.shape[0], x.shape[1], {Literals.Of(attention.ProjectedHeads)}, {size});",
                $"[batch, sequence, {heads} + {keyValueHeads} + {keyValueHeads}, {size}]: queries, keys, values"
            )
            .Add($"using var values = heads.narrow(2, {Literals.Of(attention.QueryKeyHeads)}, {keyValueHeads});", keys + ": the last");
        if (attention.HasQueryKeyNorm)
        {
            var (normedQueries, normedKeys) = isRotary ? ("unrotatedQueries", "unrotatedKeys") : ("queries", "keys");
            if (attention.QueryKeyNorm == QueryKeyNorm.Head)
            {
                lines
                    .Add($"using var rawQueries = heads.narrow(2, 0, {heads});", queries + ": the first")
                    .Add($"using var rawKeys = heads.narrow(2, {heads}, {keyValueHeads});", keys + ": those behind them")
                    .Add($"using var {normedQueries} = QueryNorm.forward(rawQueries);", queries)
                    .Add($"using var {normedKeys} = KeyNorm.forward(rawKeys);", keys);
            }
            else
            {
                var (all, allKeys) = (Literals.Of(attention.Width), Literals.Of(attention.KeyValueWidth));
                lines
                    .Add($"using var rawQueries = projected.narrow(2, 0, {all});", $"[batch, sequence, {all}]: the first")
                    .Add($"using var rawKeys = projected.narrow(2, {all}, {allKeys});", $"[batch, sequence, {allKeys}]: those behind them")
                    .Add("using var allQueries = QueryNorm.forward(rawQueries);", $"[batch, sequence, {all}]")
                    .Add("using var allKeys = KeyNorm.forward(rawKeys);", $"[batch, sequence, {allKeys}]")
                    .Add($"using var {normedQueries} = allQueries.view(x.shape[0], x.shape[1], {heads}, {size});", queries)
                    .Add($"using var {normedKeys} = allKeys.view(x.shape[0], x.shape[1], {keyValueHeads}, {size});", keys);
            }

            if (isRotary)
            {
                lines
                    .Add("using var queries = Rotary.Rotate(unrotatedQueries, cache?.Length ?? 0);", queries)
                    .Add("using var keys = Rotary.Rotate(unrotatedKeys, cache?.Length ?? 0);", keys);
            }
        }
        else
        {
            if (isRotary)
            {
                lines
                    .Add(
                        $"using var unrotated = heads.narrow(2, 0, {Literals.Of(attention.QueryKeyHeads)});",
                        both + ": queries and keys, rotated together"
                    )
                    .Add("using var rotated = Rotary.Rotate(unrotated, cache?.Length ?? 0);", both);
            }

            var source = isRotary ? "rotated" : "heads";
            lines
                .Add($"using var queries = {source}.narrow(2, 0, {heads});", queries + ": the first")
                .Add($"using var keys = {source}.narrow(2, {heads}, {keyValueHeads});", keys + ": those behind them");
        }

        lines.Add("using var attended = Attend(queries, keys, values, cache);", $"[batch, sequence, {Literals.Of(attention.Width)}]");
        NormSource.Return(lines, model, "Output.forward(attended)", stream);
        lines.Write(writer);
    }
}
