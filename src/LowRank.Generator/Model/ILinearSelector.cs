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
    /// <summary>
    /// Whether the projections include linears of this name; the blocks are another question. Those of shared experts have the role of any
    /// expert's.
    /// </summary>
    public static bool Selects(this ILinearSelector selector, string linear) =>
        !Enum.TryParse<Projections>(RoleOf(linear), out var projection) || (selector.Projections & projection) != 0;

    /// <summary>The role of a linear of this name.</summary>
    public static string RoleOf(string linear) =>
        linear.StartsWith(LinearModel.SharedPrefix, StringComparison.Ordinal) ? linear.Substring(LinearModel.SharedPrefix.Length) : linear;
}
