using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The generated part of a declared model.</summary>
internal static class TransformerSource
{
    public static string Write(CostedTransformer costed)
    {
        var type = costed.Model.Type;
        return TypeFrame.Write(
            type,
            " : Models::DeclaredTransformer",
            writer => Remarks.WriteModel(writer, costed),
            writer =>
            {
                WriteBody(writer, costed, Literals.Identifier(type.Name), type.Name, isPartial: true);
                if (costed.Dense is not { } dense)
                    return;
                writer.Line();
                writer.Write($"/// <summary>The architecture of {type.Name} with every low rank removed.</summary>");
                Remarks.WriteModel(writer, dense);
                using (writer.Block("public sealed partial class Dense : Models::DeclaredTransformer"))
                    WriteBody(writer, dense, "Dense", type.Name + ".Dense", isPartial: false);
            }
        );
    }

    // The members in the order in which a reader asks for them: what there is, how it is built, how it runs, how its guides fade.
    private static void WriteBody(SourceWriter writer, CostedTransformer costed, string className, string name, bool isPartial)
    {
        var model = costed.Model;
        FieldSource.Write(writer, costed);
        writer.Line();
        ConstructorSource.Write(writer, costed, className, name);
        PropertySource.Write(writer, costed, isPartial);
        writer.Line();
        HiddenSource.Write(writer, model);
        PhaseOutSource.Write(writer, costed);
        writer.Line();
        BlockSource.Write(writer, model);
        foreach (var sublayer in model.Sublayers)
        {
            writer.Line();
            if (sublayer.Attention is { } attention)
                AttentionLayerSource.Write(writer, sublayer, attention, model);
            else
                FeedForwardLayerSource.Write(writer, sublayer, sublayer.FeedForward!, model);
        }
    }
}
