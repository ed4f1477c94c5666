using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Tests.Reporting;

/// <summary>Results of runs that look like real ones, made by a formula.</summary>
internal static class SampleRuns
{
    public static IReadOnlyList<RunResult> Three { get; } =
    [Run(Variant.Dense, 1.0, 0, 3.30), Run(Variant.LowRank, 0.79, 0, 3.38), Run(Variant.Guided, 0.895, 0.5, 3.33)];

    public static RunResult Run(Variant variant, double cost, double phaseOut, double loss, long steps = 2_000)
    {
        var points = Enumerable
            .Range(0, 21)
            .Select(index =>
            {
                var done = index / 20.0;
                var flops = (decimal)(2.1e16 * cost * done);
                var alpha = phaseOut > done ? 0.5 * (1 + Math.Cos(Math.PI * done / phaseOut)) : 0;
                return new ValidationMetrics(
                    (long)(steps * done),
                    loss + 5 * Math.Exp(-6 * done),
                    alpha,
                    3_000 * cost * done,
                    decimal.Truncate(flops)
                );
            })
            .ToArray();
        return new RunResult
        {
            Model = "Sample",
            Variant = variant,
            Seed = 7,
            Parameters = variant == Variant.Dense ? 33_554_432 : 20_971_520,
            ParametersAtStart = variant == Variant.LowRank ? 20_971_520 : 33_554_432,
            TrainingFlops = points[^1].TrainingFlops,
            GuidedFlops = variant == Variant.Guided ? decimal.Truncate(points[^1].TrainingFlops / 2) : 0,
            GuidedSteps = (long)(steps * phaseOut),
            Steps = steps,
            Tokens = steps * 65_536,
            WallSeconds = 3_000 * cost,
            GuidedSeconds = 1_600 * phaseOut,
            TokensPerSecond = steps * 65_536 / (3_000 * cost),
            PeakMemoryBytes = 1_500_000_000,
            ValidationLoss = points[^1].Loss + 0.02,
            ValidationTokens = 65_536,
            Stopped = false,
            Validation = points,
        };
    }
}
