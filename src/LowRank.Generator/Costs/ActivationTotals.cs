using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>
/// What a part keeps from forward to backward, in bytes per token and block; while its block runs again, where blocks do.
/// </summary>
internal sealed record ActivationTotals(long AtStart, long AtEnd, long AtStartBf16, long AtEndBf16)
{
    public static ActivationTotals Of(Func<Precision, long> kept) =>
        new(kept(Precision.Full(true)), kept(Precision.Full(false)), kept(Precision.Mixed(true)), kept(Precision.Mixed(false)));
}

/// <summary>The weight of a part, as it is declared.</summary>
/// <param name="Name">Its role.</param>
/// <param name="Inputs">Size of what it reads.</param>
/// <param name="Outputs">Size of what it writes.</param>
/// <param name="Rank">Its rank; 0 when dense.</param>
/// <param name="HasGuide">Whether its factors have a guide at first.</param>
internal sealed record WeightShape(string Name, long Inputs, long Outputs, int Rank, bool HasGuide = false)
{
    /// <summary>The name of a router's weight.</summary>
    public const string Router = "Router";

    /// <summary>How many of it a sublayer has: one, or one for each expert of a mixture.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Through how many of them a token passes.</summary>
    public int Active { get; init; } = 1;

    public static WeightShape Of(LinearModel linear) =>
        new(linear.Name, linear.Inputs, linear.Outputs, linear.Rank, linear.LowRank is { HasGuide: true })
        {
            Copies = linear.Copies,
            Active = linear.Active,
        };
}
