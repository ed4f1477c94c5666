namespace LowRank.Training.Runs;

/// <summary>One evaluation on the validation text.</summary>
/// <param name="Step">Steps taken before it.</param>
/// <param name="Loss">Mean cross-entropy per token, in nats.</param>
/// <param name="Alpha">The guide's share at that point.</param>
/// <param name="Seconds">Training time so far, evaluations and checkpoints not counted.</param>
/// <param name="TrainingFlops">Training FLOPs so far, paper convention, counted from the live tensors.</param>
public sealed record ValidationMetrics(long Step, double Loss, double Alpha, double Seconds, decimal TrainingFlops)
{
    /// <summary>e to the loss; infinite for a loss above 709.78, which is none the less a loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}
