using LowRank.Training.Experiments;

namespace LowRank.EndToEnd.Tests.Experiments;

/// <summary>Experiments over the small declared model, as text.</summary>
internal static class ExperimentText
{
    public const string Path = "small.json";

    public const string Two = """
        {
          "name": "small",
          "output": "OUT",
          "seeds": [1, 2],
          "common": { "steps": 40, "sequencesPerStep": 4, "context": 32 },
          "contenders": [
            { "name": "dense", "model": "SmallDeclared", "variant": "dense", "learningRate": [1e-3, 2e-3] },
            { "name": "guided", "model": "SmallDeclared", "learningRate": [1e-3, 2e-3] },
            { "name": "guided-equal", "model": "SmallDeclared", "learningRate": [1e-3, 2e-3], "flops": "baseline" },
            { "name": "lowrank-equal", "model": "SmallDeclared", "variant": "lowrank", "learningRate": 3e-3, "flops": "baseline" }
          ],
          "baseline": "dense",
          "default": "guided",
          "sweep": { "seeds": [7], "steps": 10 }
        }
        """;

    public static ExperimentFile Parse(string text) => ExperimentFile.Parse(Path, text);
}
