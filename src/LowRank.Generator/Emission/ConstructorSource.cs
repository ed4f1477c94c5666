using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The constructor: builds the layers, registers them under their names, and draws their weights.</summary>
internal static class ConstructorSource
{
    public static void Write(SourceWriter writer, CostedTransformer costed, string className, string name)
    {
        var model = costed.Model;
        writer.Write(
            $"""
            /// <summary>Builds the model and draws its weights.</summary>
            /// <param name="options">Device, types, seed, and whether the guides exist; null for the defaults.</param>
            public {className}(Layers::ModelOptions? options = null)
                : base({Literals.Of(name)}, Cost.Summary, options ??= new Layers::ModelOptions())
            """
        );
        using (writer.Block())
        {
            WriteLayers(writer, model);
            writer.Line();
            WriteRegistration(writer, model);
            WriteLists(writer, model);
            writer.Line();
            writer.Write("if (options.Initialize)\n    Layers::InitialWeights.Draw(this, options.Seed);");
            if (costed.Costs.Adapters is not null)
                writer.Write("if (options.Adapters)\n    base.FreezeAllButAdapters();");
        }
    }

    private static void WriteLayers(SourceWriter writer, TransformerModel model)
    {
        var options = model.Options;
        writer.Write(
            $"embedding = new Layers::Embedding({Literals.Of(options.Vocabulary)}, {Literals.Of(options.Width)}, options{Scale(options)});"
        );
        if (options.Positions == Positions.Learned)
            writer.Write($"positions = new Layers::Embedding({Literals.Of(options.Context)}, {Literals.Of(options.Width)}, options);");
        foreach (var (rotation, field) in RotaryTables.Of(model))
        {
            writer.Write(
                $"{field} = base.AddRotation(new Layers::RotaryEmbedding(context: {Literals.Of(options.Context)}, size: {Literals.Of(rotation.Size)}, "
                    + $"frequencyBase: {Literals.Of(rotation.Base)}, options{Scaling(rotation)}));"
            );
        }

        using (writer.Block($"for (var index = 0; index < {Literals.Of(options.Depth)}; index++)"))
        {
            foreach (var sublayer in model.Sublayers)
                WriteSublayer(writer, sublayer, model);
            var names = model.Sublayers.Select(sublayer => Literals.Identifier(Identifiers.Local(sublayer.Name)));
            writer.Write($"blocks.Add(new Block({string.Join(", ", names)}));");
        }

        writer.Line();
        writer.Write($"finalNorm = {NormSource.New(model)};");
        if (!options.TieEmbeddings)
            writer.Write(
                $"head = new Layers::Linear({Literals.Of(options.Width)}, {Literals.Of(options.Vocabulary)}, bias: false, options);"
            );
    }

    private static string Scale(TransformerOptions options) =>
        options.EmbeddingFactor == 1 ? "" : $", scale: {Literals.Of(options.EmbeddingFactor)}";

    private static string Scaling(RotationModel rotation)
    {
        if (rotation.Scaling is not { } scaling)
            return "";
        List<string> given =
        [
            .. scaling.Given.Select(argument => $"{argument.Name} = {Literals.Of(argument.Value)}"),
            .. scaling.GivenLists.Select(list =>
                $"{list.Name} = new double[] {{ {string.Join(", ", list.Values.Select(value => Literals.Of(value)))} }}"
            ),
        ];
        var options = given.Count == 0 ? "" : $" {{ {string.Join(", ", given)} }}";
        return $", new Layers::RotaryScaling({Literals.Of(scaling.Type)}, {Literals.Of(scaling.Factor)}){options}";
    }

    private static void WriteSublayer(SourceWriter writer, SublayerModel sublayer, TransformerModel model)
    {
        var local = Literals.Identifier(Identifiers.Local(sublayer.Name));
        var isInEvery = BlockPresence.IsInEvery(sublayer, model);
        if (isInEvery && sublayer.Spans.Count == 1)
        {
            writer.Write($"var {local} = {New(sublayer, sublayer.Spans[0], model, "    ")};");
            return;
        }

        writer.Write($"var {local} = index switch");
        using (writer.Block(close: "};"))
        {
            for (var i = 0; i < sublayer.Spans.Count; i++)
            {
                // The last of those that cover all blocks needs no condition.
                var pattern = isInEvery && i + 1 == sublayer.Spans.Count ? "_" : BlockPresence.Pattern(sublayer.Spans[i], model);
                writer.Write($"{pattern} => {New(sublayer, sublayer.Spans[i], model, "    ")},");
            }

            if (!isInEvery)
                writer.Write("_ => null,");
        }
    }

    private static string New(SublayerModel sublayer, BlockSpan span, TransformerModel model, string indentation)
    {
        // The whole draws the weights of its parts, under their full names.
        if (sublayer.Part is { } part)
            return $"new {Identifiers.LayerClass(sublayer.Name)}(new {part.Type}(options with {{ Initialize = false }}), options)";
        var linears =
            sublayer.Attention is { Latent: null } attention
                ? new[] { LinearSource.NewQueryKeyValue(span, attention), LinearSource.New(span.Linears[span.Linears.Count - 1]) }
            : sublayer.Experts is { } experts ? ExpertLayerSource.NewExperts(sublayer.FeedForward!, experts, span)
            : span.Linears.Select(LinearSource.New);
        var rotary =
            sublayer.Attention is { } rotated && RotaryTables.FieldOf(rotated, model) is { } field ? [field] : Array.Empty<string>();
        var arguments = linears
            .Concat(rotary)
            .Append("options")
            .Select(argument => indentation + argument.Replace("\n", "\n" + indentation));
        return $"new {Identifiers.LayerClass(sublayer.Name)}(\n{string.Join(",\n", arguments)})";
    }

    private static void WriteRegistration(SourceWriter writer, TransformerModel model)
    {
        var positions = model.Options.Positions == Positions.Learned ? ", positions: positions" : "";
        var head = model.Options.TieEmbeddings ? "" : ", head: head";
        var recomputes = model.Options.ActivationCheckpointing ? ", recomputes: true" : "";
        var logitScale = model.Options.LogitFactor == 1 ? "" : $", logitScale: {Literals.Of(model.Options.LogitFactor)}";
        var logitSoftCap = model.Options.LogitSoftCap is { } cap ? $", logitSoftCap: {Literals.Of(cap)}" : "";
        writer.Write($"base.ComposeLayers(embedding, blocks, finalNorm{positions}{head}{recomputes}{logitScale}{logitSoftCap});");
    }

    private static void WriteLists(SourceWriter writer, TransformerModel model)
    {
        foreach (var sublayer in model.Sublayers)
        {
            writer.Write(
                $"{Identifiers.SublayerField(sublayer.Name)} = base.AddSublayer(\"{sublayer.Name}\", blocks.Select(block => block.{Literals.Identifier(sublayer.Name)}));"
            );
        }
    }
}
