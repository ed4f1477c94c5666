using System.Text.Json;
using LowRank.Costs;
using LowRank.Training.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>
/// A model's costs as a JSON document, described by docs/describe.schema.json: every key is always there and has one type, or is null where
/// the model has no such thing. Whole numbers have all their digits, also those that most readers round.
/// </summary>
internal static class DescriptionJson
{
    private static readonly (string Key, Variant Variant)[] VariantKeys =
    [
        ("dense", Variant.Dense),
        ("flopMatched", Variant.FlopMatched),
        ("lowRank", Variant.LowRank),
        ("guided", Variant.Guided),
    ];

    /// <summary>Prints the document.</summary>
    public static void Print(TextWriter output, ModelEntry entry, DescriptionRequest request) =>
        JsonOutput.Print(
            output,
            json =>
            {
                var cost = entry.Cost;
                json.WriteString("model", entry.Name);
                json.WriteString("fullName", entry.FullName);
                json.WriteString("assembly", entry.Assembly);
                json.WriteString("summary", entry.Summary);
                json.WriteStartArray("remarks");
                foreach (var remark in ModelLookup.RemarksOf(entry))
                    json.WriteStringValue(remark);
                json.WriteEndArray();
                json.WriteNumber("context", cost.Context);
                json.WriteDigits("parameters", cost.Parameters);
                json.WriteDigits("parametersAtStart", cost.ParametersAtStart);
                json.WriteDigits("activeParameters", cost.ActiveParameters);
                json.WriteDigits("activeParametersAtStart", cost.ActiveParametersAtStart);
                json.WriteDigits("forwardFlopsPerToken", cost.ForwardFlopsPerToken);
                json.WriteDigits("guidedForwardFlopsPerToken", cost.GuidedForwardFlopsPerToken);
                json.WriteDigits("causalForwardFlopsPerToken", cost.ForwardFlopsPerTokenAt(cost.Context, FlopConvention.Causal));
                WriteMemory(json, cost);
                BudgetJson.Write(json, "budget", cost.Budget);
                WriteMicroBatches(json, cost, request.Memory);
                WriteRun(json, entry);
                WriteTime(json, entry, request.Device);
                RankJson.Write(json, entry, request.Ranks);
                json.WriteBoolean("recomputesBlocks", cost.RecomputesBlocks);
                WriteSublayers(json, cost);
                WriteGuides(json, cost.Guides);
                WriteFactors(json, cost.Factors);
                WriteAdapters(json, cost.Adapters);
                WriteTotals(json, "dense", entry, Variant.Dense);
                WriteTotals(json, "flopMatched", entry, Variant.FlopMatched);
            }
        );

    private static void WriteRun(Utf8JsonWriter json, ModelEntry entry)
    {
        if (entry.Cost.Run is not { } run)
        {
            json.WriteNull("trainingRun");
            json.WriteNull("trainingFlops");
            json.WriteNull("twoBranches");
            return;
        }

        json.WriteStartObject("trainingRun");
        json.WriteDigits("tokens", run.Tokens);
        json.WriteNumber("sequencesPerStep", run.SequencesPerStep);
        json.WriteNumber("sequencesPerMicroBatch", run.SequencesPerMicroBatch);
        json.WriteNumber("steps", DeclaredTotals.Steps(entry.Cost));
        json.WriteString("optimizer", run.Optimizer?.Key());
        json.WriteRealOrNull("learningRate", run.LearningRate);
        json.WriteEndObject();

        json.WriteStartObject("trainingFlops");
        foreach (var (name, convention) in new[] { ("paper", FlopConvention.Paper), ("causal", FlopConvention.Causal) })
        {
            json.WriteStartObject(name);
            foreach (var (key, variant) in VariantKeys)
                json.WriteDigitsOrNull(key, DeclaredTotals.Of(entry, variant, convention));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (DeclaredTotals.TwoBranches(entry, sampled: false) is not { } mixed)
        {
            json.WriteNull("twoBranches");
            return;
        }

        // Paper convention, as the paper counts its own two branches.
        json.WriteStartObject("twoBranches");
        json.WriteDigits("mixed", mixed);
        json.WriteDigits("sampled", DeclaredTotals.TwoBranches(entry, sampled: true)!.Value);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, ModelEntry entry, StatedDevice? device)
    {
        if (device is null)
        {
            json.WriteNull("time");
            return;
        }

        json.WriteStartObject("time");
        json.WriteReal("flopsPerSecond", device.FlopsPerSecond);
        json.WriteReal("utilization", device.Utilization);
        json.WriteDigits("tokens", device.Tokens);
        json.WriteStartObject("hours");
        foreach (var (key, variant) in VariantKeys)
            json.WriteRealOrNull(
                key,
                DeviceTime.Flops(entry, variant, device) is { } flops ? DeviceTime.Seconds(flops, device) / 3600 : null
            );
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMicroBatches(Utf8JsonWriter json, ModelCost cost, IReadOnlyList<long> memory)
    {
        json.WriteStartArray("microBatches");
        foreach (var bytes in memory)
        {
            json.WriteStartObject();
            json.WriteDigits("bytes", bytes);
            json.WriteDigitsOrNull("sequencesFp32", LargestMicroBatch.Within(cost, bytes, mixed: false));
            json.WriteDigitsOrNull("sequencesBf16", LargestMicroBatch.Within(cost, bytes, mixed: true));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMemory(Utf8JsonWriter json, ModelCost cost)
    {
        json.WriteStartObject("memoryBytes");
        json.WriteDigits("atStart", DeclaredMemory.StateAtStart(cost));
        json.WriteDigits("atEnd", DeclaredMemory.StateAtEnd(cost));
        foreach (var (precision, mixed) in new[] { ("fp32", false), ("bf16", true) })
        {
            json.WriteStartObject(precision);
            json.WriteDigitsOrNull("trainingAtStart", DeclaredMemory.Training(cost, atStart: true, mixed));
            json.WriteDigitsOrNull("trainingAtEnd", DeclaredMemory.Training(cost, atStart: false, mixed));
            json.WriteEndObject();
        }

        json.WriteDigitsOrNull("keyValuesPerToken", cost.Memory?.KeyValueCache(1, 1, mixed: false));
        json.WriteDigitsOrNull("keyValuesAtFullContext", cost.Memory?.KeyValueCache(1, cost.Context, mixed: false));
        json.WriteEndObject();
    }

    private static void WriteSublayers(Utf8JsonWriter json, ModelCost cost)
    {
        json.WriteStartArray("sublayers");
        foreach (var part in cost.Sublayers)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            json.WriteString("kind", part.Kind);
            json.WriteNumber("firstBlock", part.FirstBlock);
            json.WriteNumber("blockStride", part.Stride);
            json.WriteNumber("count", part.Count);
            json.WriteNumber("rank", part.Rank);
            json.WriteDigits("parameters", part.Parameters);
            json.WriteDigits("guideParameters", part.GuideParameters);
            json.WriteDigits("activeParameters", part.ActiveParameters);
            json.WriteDigits("activeGuideParameters", part.ActiveGuideParameters);
            json.WriteDigits("forwardFlopsPerToken", part.ForwardFlopsPerToken);
            json.WriteDigits("scoreFlopsPerToken", part.ScoreFlopsPerToken);
            json.WriteDigits("guidedForwardFlopsPerToken", part.GuidedForwardFlopsPerToken);
            json.WriteDigits("projectionFlopsPerStep", part.ProjectionFlopsPerStep);
            json.WriteReal("shareOfParameters", PartShares.OfParameters(part, cost));
            json.WriteReal("shareOfFlops", PartShares.OfFlops(part, cost));
            WriteWeights(json, part.Weights);
            WriteActivations(json, part.Activations);
            json.WriteStartArray("unknown");
            foreach (var unknown in part.Unknown)
                json.WriteStringValue(unknown);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteWeights(Utf8JsonWriter json, IReadOnlyList<WeightShape> weights)
    {
        json.WriteStartArray("weights");
        foreach (var weight in weights)
        {
            json.WriteStartObject();
            json.WriteString("name", weight.Name);
            json.WriteNumber("inputs", weight.Inputs);
            json.WriteNumber("outputs", weight.Outputs);
            json.WriteNumber("rank", weight.Rank);
            json.WriteNumber("copies", weight.Copies);
            json.WriteNumber("active", weight.Active);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteActivations(Utf8JsonWriter json, ActivationCost? kept)
    {
        if (kept is null)
        {
            json.WriteNull("activationBytesPerToken");
            return;
        }

        json.WriteStartObject("activationBytesPerToken");
        json.WriteNumber("fp32AtStart", kept.AtStart);
        json.WriteNumber("fp32AtEnd", kept.AtEnd);
        json.WriteNumber("bf16AtStart", kept.AtStartBf16);
        json.WriteNumber("bf16AtEnd", kept.AtEndBf16);
        json.WriteEndObject();
    }

    private static void WriteGuides(Utf8JsonWriter json, IReadOnlyList<GuideCost> guides)
    {
        json.WriteStartArray("guides");
        foreach (var guide in guides)
        {
            json.WriteStartObject();
            json.WriteNumber("phaseOut", guide.PhaseOut);
            json.WriteString("guide", guide.Guide.ToString());
            json.WriteString("schedule", guide.Schedule.ToString());
            json.WriteNumber("linears", guide.Linears);
            json.WriteDigits("parameters", guide.Parameters);
            json.WriteDigits("extraForwardFlopsPerToken", guide.ExtraForwardFlopsPerToken);
            json.WriteDigits("projectionFlopsPerStep", guide.ProjectionFlopsPerStep);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFactors(Utf8JsonWriter json, IReadOnlyList<FactorCost> options)
    {
        json.WriteStartArray("factors");
        foreach (var factors in options)
        {
            json.WriteStartObject();
            json.WriteNumber("linears", factors.Linears);
            json.WriteString("activation", factors.Activation?.ToString());
            json.WriteBoolean("residual", factors.Residual);
            json.WriteString("initialization", factors.Initialization.ToString());
            json.WriteNumber("rebalanceEvery", factors.RebalanceEvery);
            json.WriteDigits("rebalanceFlops", factors.RebalanceFlops);
            json.WriteNumber("productDecay", factors.ProductDecay);
            json.WriteDigits("decayFlopsPerStep", factors.DecayFlopsPerStep);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAdapters(Utf8JsonWriter json, AdapterCost? adapters)
    {
        if (adapters is null)
        {
            json.WriteNull("adapters");
            return;
        }

        json.WriteStartObject("adapters");
        json.WriteNumber("linears", adapters.Linears);
        json.WriteNumber("firstBlock", adapters.FirstBlock);
        json.WriteDigits("parameters", adapters.Parameters);
        json.WriteDigits("forwardFlopsPerToken", adapters.ForwardFlopsPerToken);
        json.WriteDigits("trainingFlopsPerToken", adapters.TrainingFlopsPerToken);
        json.WriteDigits("stateBytes", adapters.StateBytes);
        json.WriteDigits("activationBytesPerToken", adapters.ActivationBytesPerToken);
        json.WriteEndObject();
    }

    private static void WriteTotals(Utf8JsonWriter json, string key, ModelEntry entry, Variant variant)
    {
        if (!entry.Variants().Contains(variant))
        {
            json.WriteNull(key);
            return;
        }

        var cost = LowRank.Training.Runs.Variants.Cost(entry, variant);
        json.WriteStartObject(key);
        json.WriteDigits("parameters", cost.Parameters);
        json.WriteDigits("forwardFlopsPerToken", cost.ForwardFlopsPerToken);
        json.WriteEndObject();
    }
}
