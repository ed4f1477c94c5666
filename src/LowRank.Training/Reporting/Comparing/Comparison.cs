using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Reporting.Comparing;

/// <summary>Runs of one model's variants on the same text with the same options, side by side.</summary>
/// <param name="Entry">The declared model.</param>
/// <param name="Options">The options that all runs shared.</param>
/// <param name="Data">What the text was, in a few words.</param>
/// <param name="Runs">The results, in the order in which they are shown.</param>
/// <param name="Command">The command line that repeats them.</param>
internal sealed record Comparison(ModelEntry Entry, TrainingOptions Options, string Data, IReadOnlyList<RunResult> Runs, string Command);
