using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>The declared training run.</summary>
/// <param name="Tokens">Training tokens asked for.</param>
/// <param name="SequencesPerStep">Sequences in one optimizer step.</param>
/// <param name="SequencesPerMicroBatch">Sequences in one forward and backward pass.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record DeclaredRun(long Tokens, int SequencesPerStep, int SequencesPerMicroBatch)
{
    /// <summary>The declared optimizer; null where none is.</summary>
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>The declared peak learning rate; null where none is.</summary>
    public double? LearningRate { get; init; }
}
