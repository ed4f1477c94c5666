namespace LowRank.Generator.Model;

/// <summary>What <c>[LowRank]</c> and <c>[LoRA]</c> say alike: which linears of which blocks they select.</summary>
internal interface ILinearSelector
{
    /// <summary>The attribute.</summary>
    Target Origin { get; }

    /// <summary>The ranges over the depth, as written; null when written as null.</summary>
    string? Layers { get; }

    /// <summary>The linears, by their role.</summary>
    Projections Projections { get; }
}

/// <summary>What follows from it.</summary>
internal static class LinearSelectors
{
    /// <summary>Whether the projections include linears of this name; the blocks are another question.</summary>
    public static bool Selects(this ILinearSelector selector, string linear) =>
        !Enum.TryParse<Projections>(linear, out var projection) || (selector.Projections & projection) != 0;
}
