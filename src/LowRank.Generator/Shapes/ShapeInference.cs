using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Turns a declaration into a model: every size inferred, and low rank resolved for every block and linear.</summary>
internal static class ShapeInference
{
    public static TransformerModel Infer(ModelDeclaration declaration) => new(
        declaration.Type,
        declaration.Transformer,
        new(declaration.Sublayers.Select(sublayer => Infer(sublayer, declaration)).Where(model => model is not null)!),
        declaration.Run,
        declaration.HasDenseBaseline);

    /// <summary>The same architecture with every low rank removed.</summary>
    public static TransformerModel Dense(TransformerModel model) => model with
    {
        HasDenseBaseline = false,
        Sublayers = new(model.Sublayers.Select(sublayer => sublayer with
        {
            Spans = new([new(0, model.Options.Depth, new(sublayer.Spans[0].Linears.Select(linear => linear with { LowRank = null })))]),
        })),
    };

    private static SublayerModel? Infer(SublayerDeclaration declaration, ModelDeclaration owner)
    {
        var transformer = owner.Transformer;
        if (declaration.Attention is { } options && AttentionShape.Infer(options, transformer) is { } attention)
        {
            return new(declaration.Property, attention, null,
                BlockSpans.Resolve(declaration, owner, lowRank => AttentionShape.Linears(attention, transformer, lowRank)));
        }

        if (declaration.FeedForward is { } feedForward && FeedForwardShape.IsSized(feedForward, transformer))
        {
            return new(declaration.Property, null, feedForward,
                BlockSpans.Resolve(declaration, owner, lowRank => FeedForwardShape.Linears(feedForward, transformer, lowRank)));
        }

        return null;
    }
}
