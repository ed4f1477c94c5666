using System;

namespace LowRank.Costs;

/// <summary>
/// The FLOPs of attention scores and of the values that they weigh. Shared by the generator and the runtime, so that a prediction and a
/// live count cannot differ by formula.
/// </summary>
internal static class ScoreFlopFormula
{
    /// <summary>
    /// Paper convention, per token: 2 for each of the two products over <c>min(S, window)</c> keys, <c>2·min(S, window)·(a + v)</c>, which
    /// is <c>4·min(S, window)·a</c> where keys and values are of one size.
    /// </summary>
    /// <param name="width">a: heads × size of a head's keys.</param>
    /// <param name="valueWidth">v: heads × size of a head's values.</param>
    /// <param name="context">S, in tokens.</param>
    /// <param name="window">Number of tokens that a token sees, or null for all.</param>
    public static long PerToken(long width, long valueWidth, long context, long? window) =>
        checked(2 * Keys(context, window) * (width + valueWidth));

    /// <summary>
    /// What the causal convention leaves out of it, per token: half of a full context, and of a window <c>W</c> the corner at the
    /// sequence's beginning that reaches before it, <c>W²·(a + v)/S</c>, rounded down.
    /// </summary>
    /// <param name="width">a: heads × size of a head's keys.</param>
    /// <param name="valueWidth">v: heads × size of a head's values.</param>
    /// <param name="context">S, in tokens.</param>
    /// <param name="window">Number of tokens that a token sees, or null for all.</param>
    public static long MaskedPerToken(long width, long valueWidth, long context, long? window)
    {
        var keys = Keys(context, window);
        return (long)Math.Floor(((decimal)width + valueWidth) * keys * keys / context);
    }

    private static long Keys(long context, long? window) => window is { } limit ? Math.Min(context, limit) : context;
}
