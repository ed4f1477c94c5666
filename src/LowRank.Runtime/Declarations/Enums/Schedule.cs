namespace LowRank;

/// <summary>How the guide's share α falls from 1 to 0 over its <c>T = ⌊steps · phaseOut⌋</c> steps.</summary>
public enum Schedule
{
    /// <summary>α(t) = ½(1 + cos(πt/T)), the schedule of Wei et al. (2024).</summary>
    Cosine,

    /// <summary>α(t) = 1 − t/T.</summary>
    Linear,
}
