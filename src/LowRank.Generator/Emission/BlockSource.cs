using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a block: its sublayers around the residual stream.</summary>
internal static class BlockSource
{
    public static void Write(SourceWriter writer, TransformerModel model)
    {
        var names = model.Sublayers.Select(sublayer => sublayer.Name).ToList();
        var isParallel = model.Options.Residual == Residual.Parallel;
        writer.Write(
            $"/// <summary>One block: {string.Join(isParallel ? " beside " : ", then ", names)}, each added to the residual stream.</summary>"
        );
        using (writer.Block("public sealed class Block : Blocks::TransformerBlock"))
        {
            var parameters = model
                .Sublayers.Select(sublayer => (sublayer.Name, Type: Type(sublayer, model)))
                .Select(pair => $"{pair.Type} {Literals.Identifier(Identifiers.Local(pair.Name))}");
            var parts = names.Select(name => $", (\"{Identifiers.Snake(name)}\", {Literals.Identifier(Identifiers.Local(name))})");
            writer.Write(
                $"internal Block({string.Join(", ", parameters)})\n"
                    + $"    : base(\"Block\", isParallel: {Literals.Of(isParallel)}{string.Concat(parts)})"
            );
            using (writer.Block())
            {
                foreach (var name in names)
                    writer.Write($"{Member(name)} = {Literals.Identifier(Identifiers.Local(name))};");
            }

            foreach (var sublayer in model.Sublayers)
            {
                var orNull = BlockPresence.IsInEvery(sublayer, model) ? "" : ", or null where it has none";
                writer.Write($"\n/// <summary>The block's {sublayer.Name}{orNull}.</summary>");
                writer.Write($"public {Type(sublayer, model)} {Literals.Identifier(sublayer.Name)} {{ get; }}");
            }

            writer.Line();
            writer.Write($"/// <summary>[batch, sequence, {Literals.Of(model.Options.Width)}] to the same shape.</summary>");
            writer.Write("/// <param name=\"x\">The residual stream.</param>");
            writer.Write("/// <param name=\"cache\">Keys and values of the tokens before, or null.</param>");
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x, Layers::KeyValueCache? cache)"))
            {
                if (model.Sublayers.All(sublayer => BlockPresence.IsInEvery(sublayer, model)))
                    WriteForward(writer, model, isParallel);
                else
                    WriteForwardOfSome(writer, model, isParallel);
            }
        }
    }

    // A property that begins in lower case may be hidden by a parameter or a local variable.
    private static string Member(string name) => (Identifiers.Camel(name) == name ? "this." : "") + Literals.Identifier(name);

    private static string Type(SublayerModel sublayer, TransformerModel model) =>
        Identifiers.LayerClass(sublayer.Name) + (BlockPresence.IsInEvery(sublayer, model) ? "" : "?");

    // Blocks differ: a sublayer that is missing from this one leaves the residual stream as it is.
    private static void WriteForwardOfSome(SourceWriter writer, TransformerModel model, bool isParallel)
    {
        var shape = $"[batch, sequence, {Literals.Of(model.Options.Width)}]";
        writer.Write($"var stream = x.alias(); // {shape}");
        foreach (var sublayer in model.Sublayers)
        {
            var member = Member(sublayer.Name);
            var head = BlockPresence.IsInEvery(sublayer, model) ? null : $"if ({member} is not null)";
            using (writer.Block(head))
            {
                var output = Identifiers.Camel(sublayer.Name) + "Output";
                var input = isParallel ? "x" : "before" + sublayer.Name;
                new ShapedLines()
                    .Add($"using var before{sublayer.Name} = stream;", shape)
                    .Add($"using var {output} = {member}.forward({input}{(sublayer.FeedForward is null ? ", cache" : "")});", shape)
                    .Add($"stream = Layers::ResidualPath.Sum(before{sublayer.Name}, {output});", shape)
                    .Write(writer);
            }
        }

        writer.Line();
        writer.Write("return stream;");
    }

    private static void WriteForward(SourceWriter writer, TransformerModel model, bool isParallel)
    {
        var shape = $"[batch, sequence, {Literals.Of(model.Options.Width)}]";
        var lines = new ShapedLines();
        var stream = "x";
        for (var i = 0; i < model.Sublayers.Count; i++)
        {
            var sublayer = model.Sublayers[i];
            var output = Identifiers.Camel(sublayer.Name) + "Output";
            var cache = sublayer.FeedForward is null ? ", cache" : "";
            lines.Add($"using var {output} = {Member(sublayer.Name)}.forward({(isParallel ? "x" : stream)}{cache});", shape);
            var isLast = i + 1 == model.Sublayers.Count;
            lines.Add($"{(isLast ? "return" : $"using var after{sublayer.Name} =")} Layers::ResidualPath.Sum({stream}, {output});", shape);
            stream = "after" + sublayer.Name;
        }

        lines.Write(writer);
    }
}
