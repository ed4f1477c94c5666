using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The fields of a model: its layers, and the sublayers as its properties hand them out.</summary>
internal static class FieldSource
{
    public static void Write(SourceWriter writer, CostedTransformer costed)
    {
        var model = costed.Model;
        writer.Write("private readonly Layers::Embedding embedding;");
        if (model.Options.Positions == Positions.Learned)
            writer.Write("private readonly Layers::Embedding positions;");
        foreach (var (_, field) in RotaryTables.Of(model))
            writer.Write($"private readonly Layers::RotaryEmbedding {field};");
        writer.Write("private readonly Torch::Modules.ModuleList<Block> blocks = new();");
        writer.Write($"private readonly {NormSource.Type(model)} finalNorm;");
        if (!model.Options.TieEmbeddings)
            writer.Write("private readonly Layers::Linear head;");
        foreach (var sublayer in model.Sublayers)
            writer.Write($"private readonly global::LowRank.Sublayer {Identifiers.SublayerField(sublayer.Name)};");
        foreach (var group in FactoredGroup.Of(costed))
        {
            writer.Line();
            writer.Write($"// The factored linears of {group.Place}, in the order in which they run.");
            writer.Write($"private readonly global::System.Collections.Generic.List<Layers::LowRankLinear> {group.Field} = [];");
        }
    }
}
