using LowRank.Generator.Costs;
using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>The declared properties, and those that the base class asks for.</summary>
internal static class PropertySource
{
    public static void Write(SourceWriter writer, CostedModel costed, bool isPartial)
    {
        var model = costed.Model;
        foreach (var sublayer in model.Sublayers)
        {
            Remarks.WriteSublayer(writer, sublayer, costed);
            var modifiers = isPartial ? sublayer.Property.Modifiers : "public";
            writer.Write(
                $"{modifiers} global::LowRank.Sublayer {Literals.Identifier(sublayer.Name)} => {Identifiers.SublayerField(sublayer.Name)};\n"
            );
        }

        writer.Write(
            $"""
            /// <inheritdoc/>
            public override global::System.Collections.Generic.IReadOnlyList<global::LowRank.Sublayer> Sublayers =>
                [{string.Join(", ", model.Sublayers.Select(sublayer => Literals.Identifier(sublayer.Name)))}];

            /// <inheritdoc/>
            public override int Vocabulary => {Literals.Of(model.Options.Vocabulary)};

            /// <inheritdoc/>
            public override Torch::torch.Tensor HeadWeight => {(model.Options.TieEmbeddings ? "embedding" : "head")}.Weight;
            """
        );
    }
}
