using System.Buffers;
using System.Text.Json;

namespace LowRank.Training.Reporting;

/// <summary>
/// Writes a run as JSON lines: one object per step, evaluation, release of the guide, merging of factors and checkpoint, told apart by <c>kind</c>. Every
/// line is on its way to the disk before the run goes on. A run that goes on from a checkpoint continues the log: what an interrupted
/// sitting wrote after that step is cut, so that no step stands there twice.
/// </summary>
public sealed class MetricsLog : ITrainingObserver, IDisposable
{
    private readonly string path;
    private readonly ArrayBufferWriter<byte> line = new();
    private HashSet<(string Kind, long Step)> written = [];
    private FileStream? file;

    /// <summary>A log that is opened when the run starts.</summary>
    /// <param name="path">The file, usually <c>metrics.jsonl</c>; its folder is made when missing.</param>
    public MetricsLog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = path;
    }

    /// <inheritdoc/>
    public void Started(string model, Variant variant, long firstStep, long steps)
    {
        file?.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        written = MetricsLogCut.After(path, firstStep);
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    /// <inheritdoc/>
    public void StepTaken(StepMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Write("step", metrics.Step, json =>
        {
            json.WriteReal("loss", metrics.Loss);
            json.WriteReal("learningRate", metrics.LearningRate);
            json.WriteReal("alpha", metrics.Alpha);
            json.WriteReal("gradientNorm", metrics.GradientNorm);
            json.WriteReal("tokensPerSecond", metrics.TokensPerSecond);
            json.WriteReal("seconds", metrics.Seconds);
            json.WriteDigits("trainingFlops", metrics.TrainingFlops);
        });
    }

    /// <inheritdoc/>
    public void Evaluated(ValidationMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Write("validation", metrics.Step, json =>
        {
            json.WriteReal("loss", metrics.Loss);
            json.WriteReal("perplexity", metrics.Perplexity);
            json.WriteReal("alpha", metrics.Alpha);
            json.WriteReal("seconds", metrics.Seconds);
            json.WriteDigits("trainingFlops", metrics.TrainingFlops);
        });
    }

    /// <inheritdoc/>
    public void GuideReleased(long step, long freedParameters) =>
        Write("guide-released", step, json => json.WriteNumber("freedParameters", freedParameters));

    /// <inheritdoc/>
    public void BecameDense(long step, long addedParameters) =>
        Write("became-dense", step, json => json.WriteNumber("addedParameters", addedParameters));

    /// <inheritdoc/>
    public void CheckpointSaved(long step, string path) =>
        Write("checkpoint", step, json => json.WriteString("path", path));

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private void Write(string kind, long step, Action<Utf8JsonWriter> rest)
    {
        if (file is null)
            throw new InvalidOperationException("The metrics log was told of a step before the run started.");
        // A checkpoint can be older than an evaluation of its own step, which is then done once more, with the same result.
        if (!written.Add((kind, step)))
            return;
        line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteNumber("step", step);
            rest(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        file.Write(line.WrittenSpan);
        file.Flush();
    }
}
