using System.Buffers;
using System.Text.Json;
using LowRank.Training.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.Reporting;

/// <summary>
/// Writes a run as JSON lines: one object per step, evaluation, final evaluation, release of the guide, merging of factors and checkpoint,
/// told apart by <c>kind</c>. Every line is on its way to the disk before the run goes on. A run that goes on from a checkpoint continues
/// the log: what an interrupted sitting wrote after that step is cut, so that no step stands there twice.
/// </summary>
internal sealed class MetricsLog : ITrainingObserver, IDisposable
{
    /// <summary>Its name in a run's folder.</summary>
    public const string Name = "metrics.jsonl";

    private readonly string path;
    private readonly Action<string>? report;
    private readonly ArrayBufferWriter<byte> lines = new();
    private HashSet<(string Kind, long Step)> written = [];
    private FileStream? file;
    private long end;
    private bool isBehind;

    /// <summary>A log that is opened when the run starts.</summary>
    /// <param name="path">The file, usually <c>metrics.jsonl</c>; its folder is made when missing.</param>
    /// <param name="report">Is told in a sentence when a log that is continued has damaged lines.</param>
    public MetricsLog(string path, Action<string>? report = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (this.path, this.report) = (path, report);
    }

    /// <summary>
    /// Told once when a line can't be written, on a full disk for one: it is kept in memory and written before the next one, as soon as
    /// that works. Null, the default, throws instead.
    /// </summary>
    internal Action<string>? Warn { get; set; }

    /// <inheritdoc/>
    public void Started(string model, Variant variant, long firstStep, long steps)
    {
        file?.Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        written = MetricsLogCut.After(path, firstStep, report ?? Warn);
        // Without a buffer: what could not be written is kept here, and written over what a failed attempt left.
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        end = file.Length;
    }

    /// <inheritdoc/>
    public void StepTaken(StepMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Write(
            "step",
            metrics.Step,
            json =>
            {
                json.WriteReal("loss", metrics.Loss);
                json.WriteReal("learningRate", metrics.LearningRate);
                json.WriteReal("alpha", metrics.Alpha);
                json.WriteReal("gradientNorm", metrics.GradientNorm);
                json.WriteReal("tokensPerSecond", metrics.TokensPerSecond);
                json.WriteReal("seconds", metrics.Seconds);
                json.WriteDigits("trainingFlops", metrics.TrainingFlops);
                if (metrics.PeakDeviceMemoryBytes is { } bytes)
                    json.WriteNumber("peakDeviceMemoryBytes", bytes);
                if (metrics.Experts is not { } experts)
                    return;
                json.WriteReal("balanceLoss", experts.BalanceLoss);
                json.WriteReal("largestLoad", experts.LargestLoad);
            }
        );
    }

    /// <inheritdoc/>
    public void Evaluated(ValidationMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Write(
            "validation",
            metrics.Step,
            json =>
            {
                json.WriteReal("loss", metrics.Loss);
                json.WriteReal("perplexity", metrics.Perplexity);
                json.WriteReal("alpha", metrics.Alpha);
                json.WriteReal("seconds", metrics.Seconds);
                json.WriteDigits("trainingFlops", metrics.TrainingFlops);
            }
        );
    }

    /// <inheritdoc/>
    public void EvaluatedAtEnd(FinalMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Write(
            "final-validation",
            metrics.Step,
            json =>
            {
                json.WriteReal("loss", metrics.Loss);
                json.WriteReal("perplexity", metrics.Perplexity);
                LossWords.WriteBitsPerByte(json, metrics.BitsPerByte);
                json.WriteNumber("tokens", metrics.Tokens);
                if (metrics.Sources is { } sources)
                    LossWords.WriteSources(json, sources);
            }
        );
    }

    /// <inheritdoc/>
    public void GuideReleased(long step, long freedParameters) =>
        Write("guide-released", step, json => json.WriteNumber("freedParameters", freedParameters));

    /// <inheritdoc/>
    public void BecameDense(long step, long addedParameters) =>
        Write("became-dense", step, json => json.WriteNumber("addedParameters", addedParameters));

    /// <inheritdoc/>
    public void CheckpointSaved(long step, string path) => Write("checkpoint", step, json => json.WriteString("path", path));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (file is null)
            return;
        if (lines.WrittenCount > 0 && Warn is not null)
        {
            Flush();
            if (lines.WrittenCount > 0)
                Warn($"The last {lines.WrittenSpan.Count((byte)'\n')} lines of {path} could not be written.");
        }

        file.Dispose();
        file = null;
    }

    private void Write(string kind, long step, Action<Utf8JsonWriter> rest)
    {
        if (file is null)
            throw new InvalidOperationException("The metrics log was told of a step before the run started.");
        // A checkpoint can be older than an evaluation of its own step, which is then done once more, with the same result.
        if (!written.Add((kind, step)))
            return;
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteNumber("step", step);
            rest(json);
            json.WriteEndObject();
        }

        lines.Write("\n"u8);
        Flush();
    }

    private void Flush()
    {
        try
        {
            file!.Position = end;
            file.Write(lines.WrittenSpan);
            end += lines.WrittenCount;
            lines.ResetWrittenCount();
            isBehind = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && Warn is not null)
        {
            if (!isBehind)
                Warn($"The log can't be written: {exception.Message} Its lines are kept and written as soon as that works.");
            isBehind = true;
        }
    }
}
