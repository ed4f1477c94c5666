using LowRank.Training.Distributed;

namespace LowRank.RankProbe;

/// <summary>What a rank does and finds: names and values.</summary>
internal delegate IEnumerable<(string Name, string Value)> Scenario(ProcessGroup group);

/// <summary>Everything that the ranks can be asked to do, by name.</summary>
internal static class Scenarios
{
    public static IReadOnlyDictionary<string, Scenario> All { get; } =
        new Dictionary<string, Scenario>
        {
            ["who"] = EngineScenarios.Who,
            ["sums"] = EngineScenarios.Sums,
            ["parts"] = EngineScenarios.Parts,
            ["copies"] = EngineScenarios.Copies,
            ["helpers"] = EngineScenarios.Helpers,
            ["order"] = EngineScenarios.Order,
            ["bits"] = EngineScenarios.Bits,
            ["faults"] = EngineScenarios.Faults,
            ["overlap"] = EngineScenarios.Overlap,
            ["bandwidth"] = EngineScenarios.Bandwidth,
            ["share"] = EngineScenarios.Share,
            ["failure"] = FailureScenarios.Failure,
            ["failure-in-call"] = FailureScenarios.FailureInCall,
            ["death"] = FailureScenarios.Death,
            ["death-in-call"] = FailureScenarios.DeathInCall,
            ["train"] = TrainingScenarios.Train,
            ["begin"] = TrainingScenarios.Begin,
            ["go-on"] = TrainingScenarios.GoOn,
        };
}
