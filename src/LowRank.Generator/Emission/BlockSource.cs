using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The class of a block: its sublayers around the residual stream.</summary>
internal static class BlockSource
{
    public static void Write(SourceWriter writer, TransformerModel model)
    {
        var names = model.Sublayers.Select(sublayer => sublayer.Name).ToList();
        var isParallel = model.Options.Residual == Residual.Parallel;
        writer.Write($"/// <summary>One block: {string.Join(isParallel ? " beside " : ", then ", names)}, each added to the residual stream.</summary>");
        using (writer.Block("public sealed class Block : Layers::CachingLayer"))
        {
            var parameters = names.Select(name => $"{Identifiers.LayerClass(name)} {Literals.Identifier(Identifiers.Camel(name))}");
            writer.Write($"internal Block({string.Join(", ", parameters)})\n    : base(nameof(Block))");
            using (writer.Block())
            {
                foreach (var name in names)
                    writer.Write($"{Member(name)} = {Literals.Identifier(Identifiers.Camel(name))};");
                foreach (var name in names)
                    writer.Write($"register_module(\"{Identifiers.Snake(name)}\", {Literals.Identifier(Identifiers.Camel(name))});");
            }

            foreach (var name in names)
                writer.Write($"\n/// <summary>The block's {name}.</summary>\npublic {Identifiers.LayerClass(name)} {Literals.Identifier(name)} {{ get; }}");
            writer.Line();
            writer.Write($"/// <summary>[batch, sequence, {Literals.Of(model.Options.Width)}] to the same shape.</summary>");
            writer.Write("/// <param name=\"x\">The residual stream.</param>");
            writer.Write("/// <param name=\"cache\">Keys and values of the tokens before, or null.</param>");
            using (writer.Block("public override Torch::torch.Tensor forward(Torch::torch.Tensor x, Layers::KeyValueCache? cache)"))
                WriteForward(writer, model, isParallel);
        }
    }

    // A property that begins in lower case is hidden by the parameter of its own name.
    private static string Member(string name) => (Identifiers.Camel(name) == name ? "this." : "") + Literals.Identifier(name);

    private static void WriteForward(SourceWriter writer, TransformerModel model, bool isParallel)
    {
        var stream = "x";
        for (var i = 0; i < model.Sublayers.Count; i++)
        {
            var sublayer = model.Sublayers[i];
            var output = Identifiers.Camel(sublayer.Name) + "Output";
            var cache = sublayer.Attention is null ? "" : ", cache";
            writer.Write($"using var {output} = {Literals.Identifier(sublayer.Name)}.forward({(isParallel ? "x" : stream)}{cache});");
            if (i + 1 == model.Sublayers.Count)
            {
                writer.Write($"return {stream}.add({output});");
                return;
            }

            writer.Write($"using var after{sublayer.Name} = {stream}.add({output});");
            stream = "after" + sublayer.Name;
        }
    }
}
