using LowRank.Generator.Model;

namespace LowRank.Generator.Emission;

/// <summary>Expressions that build linear layers.</summary>
internal static class LinearSource
{
    /// <summary>A layer; one with a guide is listed under its declaration, which phases it out.</summary>
    public static string New(LinearModel linear) => linear.LowRank is { HasGuide: true } lowRank
        ? $"{NewUnlisted(linear)}.AddTo({Identifiers.FactoredField(lowRank.Origin)})"
        : NewUnlisted(linear);

    /// <summary>A layer alone.</summary>
    public static string NewUnlisted(LinearModel linear) => linear.LowRank is { } lowRank
        ? $"new Layers::LowRankLinear({Sizes(linear)}, rank: {Literals.Of(linear.Rank)}, bias: {Literals.Of(linear.HasBias)}, "
            + $"guide: {(lowRank.HasGuide ? "options.Guided" : "false")}, options)"
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
}
