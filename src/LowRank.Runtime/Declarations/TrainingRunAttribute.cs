namespace LowRank;

/// <summary>
/// Says how the model is trained, so that training totals are known at compile time:
/// <c>steps = ⌊tokens / sequencesPerStep / context⌋</c>.
/// </summary>
/// <param name="tokens">Number of training tokens.</param>
/// <param name="sequencesPerStep">Sequences of <c>context</c> tokens in one optimizer step.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainingRunAttribute(long tokens, int sequencesPerStep) : Attribute
{
    /// <summary>Number of training tokens.</summary>
    public long Tokens { get; } = tokens;

    /// <summary>Sequences in one optimizer step.</summary>
    public int SequencesPerStep { get; } = sequencesPerStep;

    /// <summary>Sequences in one forward and backward pass; gradients are accumulated. Default: all of the step's.</summary>
    public int SequencesPerMicroBatch { get; set; }

    /// <summary>
    /// The optimizer that trains the model unless a run says otherwise; it costs nothing in the accounting. Default: AdamW.
    /// </summary>
    public OptimizerKind Optimizer { get; set; }

    /// <summary>Peak learning rate, above 0, unless a run says otherwise. Default: the optimizer's own.</summary>
    public double LearningRate { get; set; }
}
