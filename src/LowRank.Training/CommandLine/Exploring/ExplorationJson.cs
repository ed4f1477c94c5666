using System.Text.Json;
using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Exploring;

/// <summary>An exploration as JSON.</summary>
internal static class ExplorationJson
{
    public static void Print(TextWriter output, Exploration exploration) =>
        JsonOutput.Print(
            output,
            json =>
            {
                json.WriteString("model", exploration.Entry.Name);
                json.WriteStartArray("varied");
                foreach (var (place, values) in exploration.Space.Axes)
                {
                    json.WriteStartObject();
                    json.WriteString("quantity", place.Key);
                    json.WriteStartArray("values");
                    foreach (var value in values)
                        json.WriteNumberValue(value);
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteStartArray("points");
                foreach (var point in exploration.Points)
                    Write(json, exploration, point);
                json.WriteEndArray();
            }
        );

    private static void Write(Utf8JsonWriter json, Exploration exploration, DesignPoint point)
    {
        json.WriteStartObject();
        json.WriteString("changes", point.Changes);
        json.WriteStartObject("values");
        foreach (var (axis, value) in exploration.Space.Axes.Zip(point.Values))
        {
            if (value is { } number)
                json.WriteNumber(axis.Place.Key, number);
        }

        json.WriteEndObject();
        json.WriteBoolean("refused", point.Entry is null);
        json.WriteStartArray("remarks");
        foreach (var remark in point.Remarks)
            json.WriteStringValue(remark);
        json.WriteEndArray();
        if (point.Entry is null)
            WriteNothing(json);
        else
            WriteCosts(json, point);
        json.WriteEndObject();
    }

    // The keys of a design that is refused are the others', so that a reader need not branch.
    private static void WriteNothing(Utf8JsonWriter json)
    {
        foreach (
            var key in new[]
            {
                "model",
                "parameters",
                "activeParameters",
                "forwardFlopsPerToken",
                "trainingFlops",
                "trainingMemoryBytes",
                "tokensPerParameter",
                "perplexity",
            }
        )
            json.WriteNull(key);
        foreach (var key in new[] { "fitsBudget", "pareto", "paretoMeasured" })
            json.WriteBoolean(key, false);
        BudgetJson.Write(json, "exceeded", []);
    }

    private static void WriteCosts(Utf8JsonWriter json, DesignPoint point)
    {
        json.WriteString("model", ModelNames.Full(point.Entry!));
        json.WriteDigits("parameters", point.Parameters);
        json.WriteDigits("activeParameters", point.Entry!.Cost.ActiveParameters);
        json.WriteDigits("forwardFlopsPerToken", point.ForwardFlopsPerToken);
        json.WriteDigitsOrNull("trainingFlops", point.TrainingFlops);
        json.WriteDigitsOrNull("trainingMemoryBytes", point.TrainingMemory);
        json.WriteRealOrNull("tokensPerParameter", point.TokensPerParameter);
        json.WriteBoolean("fitsBudget", point.Fits);
        BudgetJson.Write(json, "exceeded", point.Exceeded);
        json.WriteBoolean("pareto", point.IsOnFront);
        json.WriteBoolean("paretoMeasured", point.IsOnMeasuredFront);
        if (point.Measured is not { } measured)
        {
            json.WriteNull("perplexity");
            return;
        }

        json.WriteStartObject("perplexity");
        json.WriteString("contender", measured.Contender);
        json.WriteReal("mean", measured.Mean);
        json.WriteReal("least", measured.Least);
        json.WriteReal("most", measured.Most);
        json.WriteNumber("seeds", measured.Seeds);
        json.WriteEndObject();
    }
}
