using LowRank.Training.Loop;

namespace LowRank.Training.Experiments;

/// <summary>What the store keeps of a run: what it was, and what it reached or why it failed.</summary>
/// <param name="Plan">What it was.</param>
/// <param name="Result">What it reached; null where it failed.</param>
/// <param name="MedianSeconds">Training time with every step charged the median time of the steps that cost as many FLOPs: what disturbed
/// some steps doesn't count.</param>
/// <param name="Failure">Why it failed; null where it finished.</param>
/// <param name="DataFingerprint">A hash of tokenizer and text; null where it failed.</param>
internal sealed record StoredRun(RunPlan Plan, RunResult? Result, double MedianSeconds, string? Failure, string? DataFingerprint)
{
    /// <summary>Parameters that fine-tuning trained, guides included while they existed; null for a run from the start.</summary>
    public long? TrainedParameters { get; init; }

    /// <summary>Nats per token on the plan's further text; null where it has none.</summary>
    public double? AlsoLoss { get; init; }
}
