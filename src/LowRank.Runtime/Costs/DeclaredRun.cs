namespace LowRank.Costs;

/// <summary>The declared training run.</summary>
/// <param name="Tokens">Training tokens asked for.</param>
/// <param name="SequencesPerStep">Sequences in one optimiser step.</param>
/// <param name="SequencesPerMicroBatch">Sequences in one forward and backward pass.</param>
public sealed record DeclaredRun(long Tokens, int SequencesPerStep, int SequencesPerMicroBatch);
