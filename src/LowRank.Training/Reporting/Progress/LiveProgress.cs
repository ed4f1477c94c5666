using System.Globalization;
using LowRank.Training.Runs;
using LowRank.Training.Weights;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.Reporting.Progress;

/// <summary>Shows a run's progress as one panel that is redrawn in place, a few times a second.</summary>
internal sealed class LiveProgress(LiveDisplayContext display, decimal laterFlops = 0, TimeProvider? clock = null) : ITrainingObserver
{
    // Redrawing costs a millisecond or two: rare enough not to slow small models down.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock drawing = new();
    private readonly TimeProvider time = clock ?? TimeProvider.System;
    private TimeLeft timeLeft = new();
    private string title = "";
    private StepMetrics? step;
    private ValidationMetrics? validation;
    private FinalMetrics? final;
    private string? note;
    private long lastDrawn;

    /// <summary>The warnings; a redrawn display forgets them, so they are printed when it is over.</summary>
    public List<string> Warnings { get; } = [];

    public void Started(string model, Variant variant, long firstStep, long steps)
    {
        title = $"{model}, {variant.Title()}";
        (timeLeft, step, validation, final) = (new TimeLeft(laterFlops), null, null, null);
        note = firstStep == 0 ? null : $"goes on after step {firstStep}";
        Draw();
    }

    public void WeightsTransferred(string model, Variant variant, IReadOnlyList<FactoredWeight> factored) =>
        Note(
            $"begins with the weights of {model}, {variant.Title()}"
                + (
                    factored.Count == 0
                        ? ""
                        : $"; {factored.Count} became factors, ‖W − UV‖ / ‖W‖ up to {Quantity.Share(factored.Max(weight => weight.RelativeError))}"
                )
        );

    public void StepTaken(StepMetrics metrics)
    {
        timeLeft.After(metrics);
        step = metrics;
        if (metrics.Step == metrics.Steps || time.GetElapsedTime(lastDrawn) >= Interval)
            Draw();
    }

    public void Evaluated(ValidationMetrics metrics)
    {
        validation = metrics;
        Draw();
    }

    public void EvaluatedAtEnd(FinalMetrics metrics)
    {
        final = metrics;
        Draw();
    }

    public void GuideReleased(long step, long freedParameters)
    {
        note = $"step {step}: the guide is gone, {Quantity.Count(freedParameters)} parameters freed";
        Draw();
    }

    public void BecameDense(long step, long addedParameters) =>
        Note($"step {step}: the factors became dense layers, {Quantity.Count(addedParameters)} parameters more");

    public void Warned(string message)
    {
        Warnings.Add(message);
        Note(message);
    }

    public void CheckpointSaved(long step, string path)
    {
        note = $"step {step}: saved {path}";
        Draw();
    }

    /// <summary>Shows a sentence below the numbers. Can be called from any thread.</summary>
    public void Note(string sentence)
    {
        note = sentence;
        Draw();
    }

    private Panel Picture()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        if (step is { } at)
        {
            grid.AddRow(new Text("step"), new Text(string.Create(CultureInfo.InvariantCulture, $"{Bar(at)}  {at.Step}/{at.Steps}")));
            grid.AddRow(new Text("left"), new Text(timeLeft.ToString()));
            grid.AddRow(new Text("loss"), new Text(Quantity.Loss(at.Loss)));
            grid.AddRow(new Text("learning rate"), new Text(Quantity.Rate(at.LearningRate)));
            // Without a guide there is no share of it.
            if (at.Alpha > 0)
                grid.AddRow(new Text("α"), new Text(Quantity.Share(at.Alpha)));
            grid.AddRow(new Text("tokens/s"), new Text(Quantity.Count((decimal)Math.Min(at.TokensPerSecond, 1e15))));
        }

        if (validation is { } seen)
        {
            grid.AddRow(
                new Text("validation"),
                new Text($"loss {Quantity.Loss(seen.Loss)}, perplexity {Quantity.Perplexity(seen.Perplexity)} (step {seen.Step})")
            );
        }

        if (final is { } reached)
        {
            grid.AddRow(new Text("final"), new Text(LossWords.Of(reached.Loss, reached.Tokens, reached.BitsPerByte, reached.Sources)));
        }

        if (note is not null)
            grid.AddRow(new Text(""), new Text(note, new Style(foreground: Color.Grey)));
        return new Panel(grid) { Header = new PanelHeader(" " + Markup.Escape(title) + " "), Border = BoxBorder.Rounded };
    }

    private static string Bar(StepMetrics at)
    {
        const int width = 32;
        var full = (int)(width * Math.Clamp((double)at.Step / at.Steps, 0, 1));
        return new string('━', full) + new string('╌', width - full);
    }

    private void Draw()
    {
        // A signal draws from its own thread.
        lock (drawing)
        {
            lastDrawn = time.GetTimestamp();
            display.UpdateTarget(Picture());
            display.Refresh();
        }
    }
}
