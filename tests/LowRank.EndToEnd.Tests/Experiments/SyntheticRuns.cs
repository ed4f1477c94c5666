using LowRank.Training.Experiments;
using LowRank.Training.Loop;

namespace LowRank.EndToEnd.Tests.Experiments;

/// <summary>Results whose figures are chosen, for what is computed from them.</summary>
internal static class SyntheticRuns
{
    public static StoredRun Finished(RunPlan plan, double perplexity, double seconds, decimal flops, string text = "text") =>
        new(
            plan,
            new RunResult
            {
                Model = "SmallDeclared",
                Variant = plan.Variant,
                Seed = plan.Options.Seed,
                Parameters = plan.Declared.Parameters,
                ParametersAtStart = plan.Declared.ParametersAtStart,
                TrainingFlops = flops,
                GuidedFlops = 0,
                GuidedSteps = 0,
                Steps = plan.Options.Steps,
                Tokens = plan.Options.Steps * plan.Options.SequencesPerStep * plan.Options.Context,
                WallSeconds = seconds,
                GuidedSeconds = 0,
                TokensPerSecond = 1,
                PeakMemoryBytes = 1 << 20,
                ValidationLoss = Math.Log(perplexity),
                Stopped = false,
                Validation = [],
            },
            seconds,
            null,
            text
        );

    public static StoredRun Failed(RunPlan plan) => new(plan, null, 0, "exit code 1: Step 2 diverged", null);
}
