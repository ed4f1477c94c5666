using System.ComponentModel;

namespace LowRank.Reparameterization;

/// <summary>
/// The random draws of a sampled guide, keyed by seed, step and layer instead of drawn from a stream: a resumed run draws what the
/// uninterrupted run would have drawn.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GuideDraw
{
    /// <summary>A number uniform in [0, 1), a function of its arguments alone.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The optimizer step, counted from 0.</param>
    /// <param name="layer">The factored linear's index in its group.</param>
    public static double Uniform(long seed, long step, int layer)
    {
        var state = Mix(unchecked((ulong)seed) + 0x9e3779b97f4a7c15);
        state = Mix(state ^ (unchecked((ulong)step) * 0xd1342543de82ef95));
        state = Mix(state ^ (((ulong)(uint)layer + 1) * 0x2545f4914f6cdd1d));
        return (state >> 11) * (1.0 / (1UL << 53));
    }

    // The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
