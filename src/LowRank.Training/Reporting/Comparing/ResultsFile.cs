using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.Training.Reporting.Comparing;

/// <summary>The results of runs as a JSON document, for programs: <c>{"runs":[…]}</c>.</summary>
internal static class ResultsFile
{
    /// <summary>The file's usual name.</summary>
    public const string Name = "results.json";

    /// <summary>Writes the document into a file, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="runs">The runs.</param>
    public static void Write(string path, IReadOnlyList<RunResult> runs)
    {
        var temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            Write(stream, runs);
            stream.Write("\n"u8);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Writes the document into a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="runs">The runs.</param>
    public static void Write(Stream stream, IReadOnlyList<RunResult> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartArray("runs");
        foreach (var run in runs)
            Write(json, run);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RunResult run)
    {
        json.WriteStartObject();
        json.WriteString("model", run.Model);
        json.WriteString("variant", run.Variant.Key());
        json.WriteNumber("seed", run.Seed);
        json.WriteNumber("parameters", run.Parameters);
        json.WriteNumber("parametersAtStart", run.ParametersAtStart);
        json.WriteDigits("trainingFlops", run.TrainingFlops);
        json.WriteReal("wallSeconds", run.WallSeconds);
        json.WriteNumber("tokens", run.Tokens);
        json.WriteReal("tokensPerSecond", run.TokensPerSecond);
        json.WriteNumber("peakMemoryBytes", run.PeakMemoryBytes);
        if (run.PeakDeviceMemoryBytes is { } bytes)
            json.WriteNumber("peakDeviceMemoryBytes", bytes);
        json.WriteReal("validationLoss", run.ValidationLoss);
        json.WriteReal("validationPerplexity", run.ValidationPerplexity);
        LossWords.WriteBitsPerByte(json, run.ValidationBitsPerByte, "validationBitsPerByte");
        json.WriteNumber("steps", run.Steps);
        json.WriteDigits("guidedFlops", run.GuidedFlops);
        json.WriteNumber("guidedSteps", run.GuidedSteps);
        json.WriteReal("guidedSeconds", run.GuidedSeconds);
        json.WriteBoolean("stopped", run.Stopped);
        FinalEvaluation(json, run);
        Curve(json, run);
        json.WriteEndObject();
    }

    // Where validationLoss comes from: more of the text than a point of the curve.
    private static void FinalEvaluation(Utf8JsonWriter json, RunResult run)
    {
        if (run.ValidationTokens is not { } tokens)
        {
            json.WriteNull("finalEvaluation");
            return;
        }

        json.WriteStartObject("finalEvaluation");
        json.WriteReal("loss", run.ValidationLoss);
        json.WriteReal("perplexity", run.ValidationPerplexity);
        LossWords.WriteBitsPerByte(json, run.ValidationBitsPerByte);
        json.WriteNumber("tokens", tokens);
        json.WriteEndObject();
    }

    private static void Curve(Utf8JsonWriter json, RunResult run)
    {
        json.WriteStartArray("curve");
        foreach (var point in run.Validation)
        {
            json.WriteStartObject();
            json.WriteNumber("step", point.Step);
            json.WriteReal("loss", point.Loss);
            json.WriteReal("alpha", point.Alpha);
            json.WriteReal("seconds", point.Seconds);
            json.WriteDigits("trainingFlops", point.TrainingFlops);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
