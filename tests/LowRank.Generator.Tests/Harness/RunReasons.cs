using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Harness;

/// <summary>Holds the reasons for which the pipeline's steps ran against those expected.</summary>
internal static class RunReasons
{
    public static void Assert(GeneratorRunResult result, IncrementalStepRunReason parsed, IncrementalStepRunReason declaration)
    {
        if (!result.TrackedSteps.ContainsKey(TrackingNames.Parsed))
            return;
        Expect(result, TrackingNames.Parsed, parsed);
        Expect(result, TrackingNames.Declaration, declaration);
        Expect(result, TrackingNames.Checked, IncrementalStepRunReason.Cached);
        Expect(result, TrackingNames.SharedNames, IncrementalStepRunReason.Cached);
        ExpectOutputs(result, parsed);
        // Modules alone leave an empty catalog, which has nothing to be cached.
        if (!result.TrackedSteps.ContainsKey(TrackingNames.CatalogEntry))
            return;
        Expect(result, TrackingNames.CatalogEntry, IncrementalStepRunReason.Cached);
        Expect(result, TrackingNames.Catalog, IncrementalStepRunReason.Cached);
    }

    private static void ExpectOutputs(GeneratorRunResult result, IncrementalStepRunReason parsed)
    {
        foreach (var step in result.TrackedOutputSteps.SelectMany(pair => pair.Value))
        {
            // Diagnostics follow positions; code must not.
            if (
                parsed == IncrementalStepRunReason.Modified
                && step.Inputs.Any(input => input.Source.Name is TrackingNames.Parsed or TrackingNames.AllParsed)
            )
            {
                continue;
            }

            Xunit.Assert.All(step.Outputs, output => Xunit.Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        }
    }

    private static void Expect(GeneratorRunResult result, string step, IncrementalStepRunReason expected)
    {
        var reasons = result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason);
        Xunit.Assert.All(reasons, reason => Xunit.Assert.True(reason == expected, $"Step {step} ran as {reason}, not {expected}."));
    }
}
