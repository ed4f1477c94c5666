namespace LowRank;

/// <summary>How the full-size weight beside the factors takes part while it is phased out.</summary>
public enum Guide
{
    /// <summary>
    /// The exact mix <c>y = (αW + (1−α)UV)x</c> in every optimizer step, computed as one dense product
    /// through the effective weight.
    /// </summary>
    Mixed,

    /// <summary>
    /// Per layer and optimizer step the mix is used with probability α and the factors alone otherwise. About half the cost
    /// of <see cref="Mixed"/>; not an unbiased estimate of it.
    /// </summary>
    Sampled,

    /// <summary>No guide: the factors are trained alone from the first step.</summary>
    None,
}
