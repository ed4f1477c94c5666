using System.Globalization;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Weights;
using LowRank.Training.Wording;

namespace LowRank.Training.Reporting.Progress;

/// <summary>
/// Prints a run's progress as lines of text, for logs, pipes and terminals that cannot be redrawn: the first step, a step every few
/// seconds, the last step, and every evaluation and checkpoint.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="interval">Least time between two lines about steps; null for ten seconds.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class PlainProgress(TextWriter output, TimeSpan? interval = null, TimeProvider? time = null) : ITrainingObserver
{
    private readonly TimeSpan interval = interval ?? TimeSpan.FromSeconds(10);
    private readonly TimeProvider time = time ?? TimeProvider.System;
    private TimeLeft timeLeft = new();
    private string name = "";
    private long? lastPrinted;

    /// <summary>Training FLOPs of the runs that follow this one; 0 for none.</summary>
    internal decimal LaterFlops { get; init; }

    /// <inheritdoc/>
    public void Started(string model, Variant variant, long firstStep, long steps)
    {
        name = variant.Key();
        timeLeft = new TimeLeft(LaterFlops);
        lastPrinted = null;
        Print(firstStep == 0 ? $"{model}: {steps} steps" : $"{model}: goes on after step {firstStep} of {steps}");
    }

    /// <inheritdoc/>
    public void WeightsTransferred(string model, Variant variant, IReadOnlyList<FactoredWeight> factored)
    {
        ArgumentNullException.ThrowIfNull(factored);
        Print($"begins with the weights of {model}, {variant.Title()}");
        foreach (var weight in factored)
            Print($"{weight.Name}: rank {Quantity.Count(weight.Rank)}, ‖W − UV‖ / ‖W‖ = {Quantity.Share(weight.RelativeError)}");
    }

    /// <inheritdoc/>
    public void StepTaken(StepMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        timeLeft.After(metrics);
        var now = time.GetTimestamp();
        if (lastPrinted is { } before && metrics.Step < metrics.Steps && time.GetElapsedTime(before, now) < interval)
            return;
        lastPrinted = now;
        // Without a guide there is no share of it.
        var share = metrics.Alpha > 0 ? $"  α {Quantity.Share(metrics.Alpha)}" : "";
        var left = timeLeft.ToString() is { Length: > 0 } text ? $"  left {text}" : "";
        Print(
            string.Create(CultureInfo.InvariantCulture, $"step {metrics.Step}/{metrics.Steps}  loss {Quantity.Loss(metrics.Loss)}")
                + $"  rate {Quantity.Rate(metrics.LearningRate)}{share}"
                + $"  {Quantity.Count((decimal)Math.Min(metrics.TokensPerSecond, 1e15))} tokens/s{left}"
        );
    }

    /// <inheritdoc/>
    public void Evaluated(ValidationMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Print($"step {metrics.Step}: validation loss {Quantity.Loss(metrics.Loss)}, perplexity {Quantity.Perplexity(metrics.Perplexity)}");
    }

    /// <inheritdoc/>
    public void EvaluatedAtEnd(FinalMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Print($"final validation {LossWords.Of(metrics.Loss, metrics.Tokens, metrics.BitsPerByte, metrics.Sources)}");
    }

    /// <inheritdoc/>
    public void GuideReleased(long step, long freedParameters) =>
        Print($"step {step}: the guide is gone, {Quantity.Count(freedParameters)} parameters freed");

    /// <inheritdoc/>
    public void BecameDense(long step, long addedParameters) =>
        Print($"step {step}: the factors became dense layers, {Quantity.Count(addedParameters)} parameters more");

    /// <inheritdoc/>
    public void Warned(string message) => Print(message);

    /// <inheritdoc/>
    public void CheckpointSaved(long step, string path) => Print($"step {step}: saved {path}");

    private void Print(string text)
    {
        output.WriteLine(name.Length == 0 ? text : $"[{name}] {text}");
        output.Flush();
    }
}
