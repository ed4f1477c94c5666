using System.Text.Json;
using System.Text.Json.Nodes;
using LowRank.Training.Files;

namespace LowRank.Training.Experiments;

/// <summary>The results of an experiment: one file per run, so that stores of several machines merge by copying.</summary>
internal sealed class RunStore(string output)
{
    /// <summary>A run's folder.</summary>
    /// <summary>The folder of the runs, within that of an experiment.</summary>
    public const string Runs = "runs";

    /// <summary>The folder of what they reached.</summary>
    public const string Results = "results";

    public string Folder(RunPlan plan) => Path.Combine(output, Runs, plan.Id.Replace('/', Path.DirectorySeparatorChar));

    private string PathOf(RunPlan plan) => Path.Combine(output, Results, plan.Id.Replace('/', '.') + ".json");

    /// <summary>Keeps a run.</summary>
    public void Write(StoredRun run) =>
        AtomicFile.Write(PathOf(run.Plan), JsonSerializer.SerializeToUtf8Bytes(run, ExperimentJson.Default.StoredRun));

    /// <summary>What is kept of a run, or null.</summary>
    /// <exception cref="InputException">What is kept was run with other options.</exception>
    public StoredRun? Find(RunPlan plan)
    {
        var path = PathOf(plan);
        if (!File.Exists(path))
            return null;
        var run = StoreFile.ReadRun(path);
        var differences = Differences(run.Plan, plan);
        return differences.Count == 0
            ? run
            : throw new InputException(
                $"The run {plan.Id} is finished with other options: {string.Join("; ", differences)}. Set them back, give the contender another name, or delete '{path}' and '{Folder(plan)}' to run it again."
            );
    }

    private static List<string> Differences(RunPlan was, RunPlan now)
    {
        var found = new List<string>();
        Compare(
            "",
            JsonSerializer.SerializeToNode(was, ExperimentJson.Default.RunPlan),
            JsonSerializer.SerializeToNode(now, ExperimentJson.Default.RunPlan)
        );
        return found;

        void Compare(string name, JsonNode? left, JsonNode? right)
        {
            if (left is JsonObject before && right is JsonObject after)
            {
                foreach (var key in before.Select(member => member.Key).Union(after.Select(member => member.Key)))
                    Compare(key, before[key], after[key]);
            }
            else if (!JsonNode.DeepEquals(left, right))
                found.Add($"{name} was {left?.ToJsonString() ?? "null"} and is now {right?.ToJsonString() ?? "null"}");
        }
    }
}
