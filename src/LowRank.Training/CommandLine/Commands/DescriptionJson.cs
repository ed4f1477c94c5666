using System.Text.Json;
using LowRank.Costs;
using LowRank.Training.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>A model's costs as a JSON document. Whole numbers beyond 2⁵³ are strings of digits; what does not exist is null.</summary>
internal static class DescriptionJson
{
    /// <summary>Prints the document.</summary>
    public static void Print(TextWriter output, ModelEntry entry) =>
        JsonOutput.Print(
            output,
            json =>
            {
                var cost = entry.Cost;
                json.WriteString("model", entry.Name);
                json.WriteString("fullName", entry.FullName);
                json.WriteString("assembly", entry.Assembly);
                json.WriteString("summary", entry.Summary);
                json.WriteNumber("context", cost.Context);
                json.WriteWhole("parameters", cost.Parameters);
                json.WriteWhole("parametersAtStart", cost.ParametersAtStart);
                json.WriteWhole("forwardFlopsPerToken", cost.ForwardFlopsPerToken);
                json.WriteWhole("guidedForwardFlopsPerToken", cost.GuidedForwardFlopsPerToken);
                json.WriteWhole("causalForwardFlopsPerToken", cost.ForwardFlopsPerTokenAt(cost.Context, FlopConvention.Causal));
                WriteMemory(json, cost);
                if (cost.Run is not null)
                    WriteRun(json, entry, cost.Run);
                WriteSublayers(json, cost.Sublayers);
                WriteGuides(json, cost.Guides);
                WriteFactors(json, cost.Factors);
                if (cost.Adapters is { } adapters)
                    WriteAdapters(json, adapters);
                WriteDense(json, entry);
            }
        );

    private static void WriteRun(Utf8JsonWriter json, ModelEntry entry, DeclaredRun run)
    {
        json.WriteStartObject("trainingRun");
        json.WriteWhole("tokens", run.Tokens);
        json.WriteNumber("sequencesPerStep", run.SequencesPerStep);
        json.WriteNumber("sequencesPerMicroBatch", run.SequencesPerMicroBatch);
        json.WriteNumber("steps", DeclaredTotals.Steps(entry.Cost));
        if (run.Optimizer is { } optimizer)
            json.WriteString("optimizer", optimizer.Key());
        if (run.LearningRate is { } rate)
            json.WriteNumber("learningRate", rate);
        json.WriteEndObject();

        json.WriteStartObject("trainingFlops");
        foreach (var (name, convention) in new[] { ("paper", FlopConvention.Paper), ("causal", FlopConvention.Causal) })
        {
            json.WriteStartObject(name);
            foreach (var (key, variant) in new[] { ("dense", Variant.Dense), ("lowRank", Variant.LowRank), ("guided", Variant.Guided) })
            {
                if (DeclaredTotals.Of(entry, variant, convention) is { } total)
                    json.WriteWhole(key, total);
                else
                    json.WriteNull(key);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (DeclaredTotals.TwoBranches(entry, sampled: false) is not { } mixed)
            return;
        // Paper convention, as the paper counts its own two branches.
        json.WriteStartObject("twoBranches");
        json.WriteWhole("mixed", mixed);
        json.WriteWhole("sampled", DeclaredTotals.TwoBranches(entry, sampled: true)!.Value);
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, ModelCost cost)
    {
        json.WriteStartObject("memoryBytes");
        json.WriteWhole("atStart", DeclaredMemory.StateAtStart(cost));
        json.WriteWhole("atEnd", DeclaredMemory.StateAtEnd(cost));
        foreach (var (precision, mixed) in new[] { ("fp32", false), ("bf16", true) })
        {
            if (DeclaredMemory.Training(cost, atStart: true, mixed) is not { } atStart)
                continue;
            json.WriteStartObject(precision);
            json.WriteWhole("trainingAtStart", atStart);
            json.WriteWhole("trainingAtEnd", DeclaredMemory.Training(cost, atStart: false, mixed)!.Value);
            json.WriteEndObject();
        }

        if (cost.Memory is { } memory)
        {
            json.WriteWhole("keyValuesPerToken", memory.KeyValueCache(1, 1, mixed: false));
            json.WriteWhole("keyValuesAtFullContext", memory.KeyValueCache(1, cost.Context, mixed: false));
        }

        json.WriteEndObject();
    }

    private static void WriteSublayers(Utf8JsonWriter json, IReadOnlyList<SublayerCost> parts)
    {
        json.WriteStartArray("sublayers");
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            json.WriteString("kind", part.Kind);
            json.WriteNumber("firstBlock", part.FirstBlock);
            json.WriteNumber("blockStride", part.Stride);
            json.WriteNumber("count", part.Count);
            json.WriteNumber("rank", part.Rank);
            json.WriteWhole("parameters", part.Parameters);
            json.WriteWhole("guideParameters", part.GuideParameters);
            json.WriteWhole("forwardFlopsPerToken", part.ForwardFlopsPerToken);
            json.WriteWhole("scoreFlopsPerToken", part.ScoreFlopsPerToken);
            json.WriteWhole("guidedForwardFlopsPerToken", part.GuidedForwardFlopsPerToken);
            json.WriteWhole("projectionFlopsPerStep", part.ProjectionFlopsPerStep);
            json.WriteEndObject();
        }

        json.WriteEndArray();
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
            json.WriteWhole("parameters", guide.Parameters);
            json.WriteWhole("extraForwardFlopsPerToken", guide.ExtraForwardFlopsPerToken);
            json.WriteWhole("projectionFlopsPerStep", guide.ProjectionFlopsPerStep);
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
            json.WriteWhole("rebalanceFlops", factors.RebalanceFlops);
            json.WriteNumber("productDecay", factors.ProductDecay);
            json.WriteWhole("decayFlopsPerStep", factors.DecayFlopsPerStep);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAdapters(Utf8JsonWriter json, AdapterCost adapters)
    {
        json.WriteStartObject("adapters");
        json.WriteNumber("linears", adapters.Linears);
        json.WriteNumber("firstBlock", adapters.FirstBlock);
        json.WriteWhole("parameters", adapters.Parameters);
        json.WriteWhole("forwardFlopsPerToken", adapters.ForwardFlopsPerToken);
        json.WriteWhole("trainingFlopsPerToken", adapters.TrainingFlopsPerToken);
        json.WriteWhole("stateBytes", adapters.StateBytes);
        json.WriteWhole("activationBytesPerToken", adapters.ActivationBytesPerToken);
        json.WriteEndObject();
    }

    private static void WriteDense(Utf8JsonWriter json, ModelEntry entry)
    {
        if (!entry.Variants().Contains(Variant.Dense))
        {
            json.WriteNull("dense");
            return;
        }

        var dense = LowRank.Training.Runs.Variants.Cost(entry, Variant.Dense);
        json.WriteStartObject("dense");
        json.WriteWhole("parameters", dense.Parameters);
        json.WriteWhole("forwardFlopsPerToken", dense.ForwardFlopsPerToken);
        json.WriteEndObject();
    }
}
