namespace LowRank.Training.Optimization;

/// <summary>What several processes that train one model (ranks) divide among them, beside the sequences of a step.</summary>
public enum Sharding
{
    /// <summary>Nothing: each keeps the whole optimizer state and makes every update.</summary>
    None,

    /// <summary>
    /// The optimizer's state: each rank keeps a part of it, updates what it belongs to, and sends the others the new values (ZeRO stage 1,
    /// Rajbhandari et al., 2020). A step sends as much as without it.
    /// </summary>
    Optimizer,
}
