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
                if (costed.Dense is { } dense)
                    WriteNested(writer, dense, "Dense", type.Name, DenseRemarks.OfBaseline(costed));
                if (costed.FlopMatch is { Model: { } matched })
                    WriteNested(writer, matched, "FlopMatched", type.Name, DenseRemarks.OfMatched(costed, matched));
            }
        );
    }

    private static void WriteNested(SourceWriter writer, CostedTransformer costed, string name, string outer, string summary)
    {
        writer.Line();
        writer.Write($"/// <summary>{summary}</summary>");
        Remarks.WriteModel(writer, costed);
        using (writer.Block($"public sealed partial class {name} : Models::DeclaredTransformer"))
            WriteBody(writer, costed, name, $"{outer}.{name}", isPartial: false);
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
            if (sublayer.Attention is { Latent: { } latent })
                LatentAttentionLayerSource.Write(writer, sublayer, sublayer.Attention, latent, model);
            else if (sublayer.Attention is { } attention)
                AttentionLayerSource.Write(writer, sublayer, attention, model);
            else if (sublayer.Part is { } part)
                PartLayerSource.Write(writer, sublayer, part, model);
            else if (sublayer.Experts is { } experts)
                ExpertLayerSource.Write(writer, sublayer, sublayer.FeedForward!, experts, model);
            else
                FeedForwardLayerSource.Write(writer, sublayer, sublayer.FeedForward!, model);
        }
    }
}
