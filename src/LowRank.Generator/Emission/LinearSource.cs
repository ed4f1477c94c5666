using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>Expressions that build linear layers.</summary>
internal static class LinearSource
{
    /// <summary>A layer; one with a guide or a product decay is listed under its declaration.</summary>
    public static string New(LinearModel linear) => linear.LowRank is { ChangesGradients: true } lowRank
        ? $"{NewUnlisted(linear)}.AddTo({Identifiers.FactoredField(lowRank.Origin)})"
        : NewUnlisted(linear);

    /// <summary>A layer alone.</summary>
    public static string NewUnlisted(LinearModel linear) => linear.LowRank is { } lowRank
        ? $"new Layers::LowRankLinear({Sizes(linear)}, rank: {Literals.Of(linear.Rank)}, bias: {Literals.Of(linear.HasBias)}, "
            + $"guide: {(lowRank.HasGuide ? "options.Guided" : "false")}, options{Options(lowRank)})"
        : $"new Layers::Linear({Sizes(linear)}, bias: {Literals.Of(linear.HasBias)}, options)";

    /// <summary>Queries, keys and values: one product where they are dense, side by side where they are factored.</summary>
    public static string NewQueryKeyValue(EquatableArray<LinearModel> linears, AttentionModel attention)
    {
        var projections = linears.Where(linear => linear.Name is "Query" or "Key" or "Value").ToList();
        if (projections.All(linear => linear.LowRank is null))
            return New(projections[0] with { Outputs = attention.ProjectedWidth });
        var parts = projections.Select(linear => $"    (\"{Identifiers.Snake(linear.Name)}\", {New(linear)})");
        return $"new Layers::ConcatenatedLinear(\n{string.Join(",\n", parts)})";
    }

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
