using LowRank.Generator.Model;
using LowRank.Layers;

namespace LowRank.Training.Variations;

/// <summary>Builds the linear layers of a composed model and lists the factored ones under the declarations that factor them.</summary>
internal sealed class ComposedLinears(ModelOptions options)
{
    private readonly Dictionary<LowRankOptions, List<LowRankLinear>> factored = [];

    /// <summary>The layers that a declaration factors, in the order in which they were built.</summary>
    public List<LowRankLinear> Of(LowRankOptions lowRank) =>
        factored.TryGetValue(lowRank, out var layers) ? layers : factored[lowRank] = [];

    /// <summary>A layer alone.</summary>
    public LinearLayer New(LinearModel linear)
    {
        if (linear.LowRank is not { } lowRank)
            return Adapted(Dense(linear), linear.Lora is { } lora ? [Part("", 0, linear.Outputs, lora)] : []);
        var layer = new LowRankLinear(
            linear.Inputs,
            linear.Outputs,
            linear.Rank,
            linear.HasBias,
            lowRank.HasGuide && options.Guided,
            options,
            lowRank.HasFactorOptions ? Factors(lowRank) : null
        );
        return lowRank.ChangesGradients ? layer.AddTo(Of(lowRank)) : layer;
    }

    /// <summary>Queries, keys and values: one product where they are dense, side by side where they are factored.</summary>
    public LinearLayer NewQueryKeyValue(BlockSpan span, AttentionModel attention)
    {
        var projections = span.QueryKeyValue;
        if (projections.Any(linear => linear.LowRank is not null))
            return new ConcatenatedLinear([.. projections.Select(linear => (Identifiers.Snake(linear.Name), New(linear)))]);
        // One adapter for each role, over that role's outputs of the one product.
        var parts = new List<LoraPart>();
        var first = 0;
        foreach (var projection in projections)
        {
            if (projection.Lora is { } lora)
                parts.Add(Part(Identifiers.Snake(projection.Name), first, projection.Outputs, lora));
            first += projection.Outputs;
        }

        return Adapted(Dense(projections[0] with { Outputs = attention.ProjectedWidth }), parts);
    }

    private Linear Dense(LinearModel linear) => new(linear.Inputs, linear.Outputs, linear.HasBias, options);

    private LinearLayer Adapted(Linear linear, List<LoraPart> parts) =>
        parts.Count == 0 ? linear : LoraLinear.Over(linear, options, [.. parts]);

    private static LoraPart Part(string name, int first, int outputs, LoraOptions lora) =>
        new(name, first, outputs, lora.Rank, lora.Alpha, lora.Dropout);

    private static FactorOptions Factors(LowRankOptions lowRank) =>
        new()
        {
            Activation = lowRank.Activation,
            Residual = lowRank.HasResidual,
            Initialization = lowRank.Initialization,
            RebalanceEvery = lowRank.RebalanceEvery ?? 0,
            ProductDecay = lowRank.ProductDecay ?? 0,
        };
}
