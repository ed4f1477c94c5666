using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Harness;

/// <summary>
/// Holds the pipeline to it that an edit which changes no declaration makes nothing new: all of them are read and found equal.
/// </summary>
internal static class RunReasons
{
    public static void Assert(GeneratorRunResult result)
    {
        if (!result.TrackedSteps.ContainsKey(TrackingNames.Parse))
            return;
        Expect(result, TrackingNames.Parse, IncrementalStepRunReason.Unchanged);
        Expect(result, TrackingNames.Declaration, IncrementalStepRunReason.Cached);
        Expect(result, TrackingNames.Checked, IncrementalStepRunReason.Cached);
        Expect(result, TrackingNames.SharedNames, IncrementalStepRunReason.Cached);
        Xunit.Assert.All(
            result.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs),
            output => Xunit.Assert.Equal(IncrementalStepRunReason.Cached, output.Reason)
        );
        // Modules alone leave an empty catalog, which has nothing to be cached.
        if (!result.TrackedSteps.ContainsKey(TrackingNames.CatalogEntry))
            return;
        Expect(result, TrackingNames.CatalogEntry, IncrementalStepRunReason.Cached);
        Expect(result, TrackingNames.Catalog, IncrementalStepRunReason.Cached);
    }

    private static void Expect(GeneratorRunResult result, string step, IncrementalStepRunReason expected)
    {
        var reasons = result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);
        Xunit.Assert.All(reasons, reason => Xunit.Assert.True(reason == expected, $"Step {step} ran as {reason}, not {expected}."));
    }
}
