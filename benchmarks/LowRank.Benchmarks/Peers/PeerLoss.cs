namespace LowRank.Benchmarks.Peers;

/// <summary>Contenders that should be one model are, or nothing is measured.</summary>
internal static class PeerLoss
{
    /// <summary>Compares the losses of one step.</summary>
    /// <param name="peer">The peer's name.</param>
    /// <param name="step">The step.</param>
    /// <param name="own">The loss.</param>
    /// <param name="theirs">The peer's; null where there is no such peer.</param>
    /// <param name="tolerance">Largest difference, as a fraction.</param>
    /// <exception cref="InvalidOperationException">They differ by more.</exception>
    public static void MustAgree(string peer, int step, double own, double? theirs, double tolerance)
    {
        if (theirs is { } other && Math.Abs(own - other) > tolerance * other)
            throw new InvalidOperationException(
                FormattableString.Invariant($"Step {step}: loss {own}, {peer} {other}: not the same model.")
            );
    }
}
