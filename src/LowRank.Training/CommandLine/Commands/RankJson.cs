using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Runs;
using LowRank.Training.Scaling;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>What each rank of a training holds, sends and computes, as a part of a description's document.</summary>
internal static class RankJson
{
    private static readonly (string Key, Variant Variant)[] VariantKeys =
    [
        ("dense", Variant.Dense),
        ("guided", Variant.Guided),
        ("lowRank", Variant.LowRank),
        ("lora", Variant.Lora),
    ];

    /// <summary>Writes the key <c>ranks</c>: an object, or null where nothing is asked.</summary>
    /// <exception cref="InputException">The optimizer doesn't fit the model.</exception>
    public static void Write(Utf8JsonWriter json, ModelEntry entry, RankJob? job)
    {
        if (job is null)
        {
            json.WriteNull("ranks");
            return;
        }

        var costs = RankCost.All(entry, job);
        json.WriteStartObject("ranks");
        json.WriteNumber("count", job.Ranks);
        json.WriteString("optimizer", job.Optimizer.Key());
        var isGaLore = job.Optimizer == OptimizerKind.GaLore;
        json.WriteDigitsOrNull("galoreRank", isGaLore ? job.GaLoreRank : null);
        json.WriteDigitsOrNull("galoreGap", isGaLore ? job.GaLoreGap : null);
        json.WriteNumber("sequencesPerStep", job.SequencesPerStep);
        json.WriteNumber("sequencesPerRank", job.SequencesPerRank);
        json.WriteNumber("sequencesPerMicroBatch", costs[0].SequencesPerMicroBatch);
        json.WriteDigits("tokensPerStep", (decimal)job.SequencesPerStep * entry.Cost.Context);
        json.WriteDigits("tokensPerRank", (decimal)job.SequencesPerRank * entry.Cost.Context);
        json.WriteDigitsOrNull("steps", job.Steps);
        json.WriteRealOrNull("flopsPerSecond", job.FlopsPerSecond);
        json.WriteRealOrNull("bytesPerSecond", job.Links?.BytesPerSecond);
        json.WriteRealOrNull("latencySeconds", job.Links?.Latency);
        json.WriteDigitsOrNull("ranksPerNode", job.Links?.Node?.Ranks);
        json.WriteRealOrNull("nodeBytesPerSecond", job.Links?.Node?.BytesPerSecond);
        json.WriteStartObject("variants");
        var dense = costs.FirstOrDefault(cost => cost.Variant == Variant.Dense);
        foreach (var (key, variant) in VariantKeys)
        {
            if (costs.FirstOrDefault(cost => cost.Variant == variant) is { } cost)
                Write(json, key, cost, dense);
            else
                json.WriteNull(key);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string key, RankCost cost, RankCost? dense)
    {
        json.WriteStartObject(key);
        json.WriteDigits("parameterBytes", cost.ParameterBytes);
        json.WriteDigits("effectiveWeightBytes", cost.EffectiveWeightBytes);
        json.WriteDigits("gradientBytes", cost.GradientBytes);
        json.WriteDigitsOrNull("workingBytesFp32", cost.WorkingBytes(mixed: false));
        json.WriteDigitsOrNull("workingBytesBf16", cost.WorkingBytes(mixed: true));
        json.WriteDigits("reducedNumbers", cost.ReducedNumbers);
        json.WriteDigitsOrNull("reducedNumbersAtRefresh", cost.RefreshNumbers);
        json.WriteDigitsOrNull("fewerThanDense", dense is null ? null : dense.ReducedNumbers - cost.ReducedNumbers);
        json.WriteRealOrNull(
            "reducedOfDense",
            dense is null or { ReducedNumbers: 0 } ? null : (double)cost.ReducedNumbers / dense.ReducedNumbers
        );
        json.WriteDigits("gatheredNumbers", cost.TrainedNumbers);
        json.WriteStartObject("sharding");
        Write(json, "none", cost.Whole);
        Write(json, "optimizer", cost.Sharded);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string key, ShardingCost cost)
    {
        json.WriteStartObject(key);
        json.WriteDigits("stateBytes", cost.StateBytes);
        json.WriteDigits("evenStateBytes", cost.EvenStateBytes);
        json.WriteDigits("heldBytes", cost.HeldBytes);
        json.WriteReal("sentBytes", (double)cost.SentBytes);
        json.WriteRealOrNull("sentBytesAtRefresh", (double?)cost.RefreshSentBytes);
        json.WriteRealOrNull("sentBytesInRun", (double?)cost.RunSentBytes);
        json.WriteDigits("flops", cost.Flops);
        json.WriteRealOrNull("computeSeconds", cost.ComputeSeconds);
        json.WriteRealOrNull("wireSeconds", cost.WireSeconds);
        json.WriteRealOrNull("stepSeconds", cost.StepSeconds);
        json.WriteRealOrNull("overlappedStepSeconds", cost.OverlappedStepSeconds);
        if (cost.IsNetworkBound is { } isBound)
            json.WriteBoolean("networkBound", isBound);
        else
            json.WriteNull("networkBound");
        json.WriteDigitsOrNull("leastTokensPerRank", cost.LeastTokensPerRank);
        json.WriteDigitsOrNull("mostRanks", cost.MostRanks);
        json.WriteEndObject();
    }
}
