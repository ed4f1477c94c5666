using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>Expressions that build linear layers.</summary>
internal static class LinearSource
{
    /// <summary>A layer; one with a guide or a product decay is listed under its declaration.</summary>
    public static string New(LinearModel linear) =>
        linear.LowRank is { ChangesGradients: true } lowRank
            ? $"{NewUnlisted(linear)}.AddTo({Identifiers.FactoredField(lowRank.Origin)})"
            : NewUnlisted(linear);

    /// <summary>A layer alone.</summary>
    public static string NewUnlisted(LinearModel linear) =>
        linear.LowRank is { } lowRank
            ? $"new Layers::LowRankLinear({Sizes(linear)}, rank: {Literals.Of(linear.Rank)}, bias: {Literals.Of(linear.HasBias)}, "
                + $"guide: {(lowRank.HasGuide ? "options.Guided" : "false")}, options{Options(lowRank)})"
            : Adapted(NewLinear(linear), linear.Lora is { } lora ? [Part("", 0, linear.Outputs, lora)] : []);

    /// <summary>Queries, keys and values: one product where they are dense, side by side where they are factored.</summary>
    public static string NewQueryKeyValue(BlockSpan span, AttentionModel attention)
    {
        var projections = span.QueryKeyValue;
        if (projections.All(linear => linear.LowRank is null))
            return NewFused(projections, attention);
        var parts = projections.Select(linear => $"    (\"{Identifiers.Snake(linear.Name)}\", {New(linear)})");
        return $"new Layers::ConcatenatedLinear(\n{string.Join(",\n", parts)})";
    }

    // One adapter for each role, over that role's outputs of the one product.
    private static string NewFused(IReadOnlyList<LinearModel> projections, AttentionModel attention)
    {
        var parts = new List<string>();
        var first = 0;
        foreach (var projection in projections)
        {
            if (projection.Lora is { } lora)
                parts.Add(Part(Identifiers.Snake(projection.Name), first, projection.Outputs, lora));
            first += projection.Outputs;
        }

        return Adapted(NewLinear(projections[0] with { Outputs = attention.ProjectedWidth }), parts);
    }

    private static string NewLinear(LinearModel linear) =>
        $"new Layers::Linear({Sizes(linear)}, bias: {Literals.Of(linear.HasBias)}, options)";

    private static string Adapted(string linear, List<string> parts) =>
        parts.Count == 0 ? linear : $"Layers::LoraLinear.Over(\n    {linear},\n    options,\n    {string.Join(",\n    ", parts)})";

    private static string Part(string name, int first, int outputs, LoraOptions lora) =>
        $"new Layers::LoraPart({Literals.Of(name)}, {Literals.Of(first)}, {Literals.Of(outputs)}, Rank: {Literals.Of(lora.Rank)}, Alpha: {Literals.Of(lora.Alpha)}, Dropout: {Literals.Of(lora.Dropout)})";

    private static string Sizes(LinearModel linear) => $"{Literals.Of(linear.Inputs)}, {Literals.Of(linear.Outputs)}";

    private static string Options(LowRankOptions lowRank)
    {
        if (!lowRank.HasFactorOptions)
            return "";
        var settings = new List<string>();
        if (lowRank.Activation is { } activation)
            settings.Add($"Activation = {Literals.Of(activation)}");
        if (lowRank.HasResidual)
            settings.Add("Residual = true");
        if (lowRank.Initialization != Initialization.Spectral)
            settings.Add($"Initialization = {Literals.Of(lowRank.Initialization)}");
        if (lowRank.RebalanceEvery is { } every)
            settings.Add($"RebalanceEvery = {Literals.Of(every)}");
        if (lowRank.ProductDecay is { } decay)
            settings.Add($"ProductDecay = {Literals.Of(decay)}");
        return $", new Layers::FactorOptions {{ {string.Join(", ", settings)} }}";
    }
}
