using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The declared properties.</summary>
internal static class PropertySource
{
    public static void Write(SourceWriter writer, CostedTransformer costed, bool isPartial)
    {
        var model = costed.Model;
        foreach (var sublayer in model.Sublayers)
        {
            writer.Line();
            Remarks.WriteSublayer(writer, sublayer, costed);
            var modifiers = isPartial ? sublayer.Property.Modifiers : "public";
            writer.Write(
                $"{modifiers} global::LowRank.Sublayer {Literals.Identifier(sublayer.Name)} => {Identifiers.SublayerField(sublayer.Name)};"
            );
        }
    }
}
