using LowRank.Generator.Model;

namespace LowRank.Generator.Shapes;

/// <summary>Turns a declaration into a model: every size inferred, and low rank resolved for every block and linear.</summary>
internal static class ShapeInference
{
    public static TransformerModel Infer(TransformerDeclaration declaration) =>
        new(
            declaration.Type,
            declaration.Transformer,
            new(declaration.Sublayers.Select(sublayer => Infer(sublayer, declaration)).Where(model => model is not null)!),
            declaration.Run,
            declaration.HasDenseBaseline
        );

    /// <summary>The same architecture with every low rank removed.</summary>
    public static TransformerModel Dense(TransformerModel model) =>
        model with
        {
            HasDenseBaseline = false,
            Sublayers = new(model.Sublayers.Select(sublayer => sublayer with { Spans = sublayer.DenseSpans })),
        };

    /// <summary>The same architecture with every low rank removed and other hidden sizes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="size">The hidden size of feed-forward sublayers of a declared one.</param>
    public static TransformerModel DenseWithHidden(TransformerModel model, Func<int, int> size)
    {
        var dense = Dense(model);
        return dense with { Sublayers = new(dense.Sublayers.Select(Resized)) };

        SublayerModel Resized(SublayerModel sublayer)
        {
            if (sublayer.FeedForward is not { } declared)
                return sublayer;
            var feedForward = declared with { Hidden = size(declared.Hidden) };
            EquatableArray<LinearModel> linears = new(FeedForwardShape.Linears(feedForward, model.Options, sublayer.Experts));
            EquatableArray<BlockSpan> spans = new(sublayer.DenseSpans.Select(span => span with { Linears = linears }));
            return sublayer with { FeedForward = feedForward, Spans = spans, DenseSpans = spans };
        }
    }

    private static SublayerModel? Infer(SublayerDeclaration declaration, TransformerDeclaration owner)
    {
        var transformer = owner.Transformer;
        if (
            declaration.Attention is { } options
            && AttentionShape.Infer(options, transformer, declaration.RotaryScaling ?? owner.RotaryScaling) is { } attention
        )
            return Resolve(attention, null, AttentionShape.Linears(attention, options, transformer).ToList());

        if (declaration.FeedForward is { } feedForward && FeedForwardShape.IsSized(feedForward, transformer, declaration.Experts))
            return Resolve(null, feedForward, FeedForwardShape.Linears(feedForward, transformer, declaration.Experts).ToList()) with
            {
                Experts = declaration.Experts,
            };

        // Its low rank is declared by the module itself, the same in every block.
        if (declaration.Part is { Body: not null, Obstacle: null } part && transformer.Width > 0)
        {
            var spans = BlockSpans.Dense(declaration, owner, part.Linears.ToList());
            return new(declaration.Property, null, null, spans, spans) { Part = part };
        }

        return null;

        SublayerModel Resolve(AttentionModel? attention, FeedForwardOptions? feedForward, List<LinearModel> linears) =>
            new(
                declaration.Property,
                attention,
                feedForward,
                BlockSpans.Resolve(declaration, owner, linears),
                BlockSpans.Dense(declaration, owner, linears)
            );
    }
}
