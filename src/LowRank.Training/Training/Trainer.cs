using System.Diagnostics;
using LowRank.Layers;
using LowRank.Reparameterization;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.FineTuning;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training;

/// <summary>Trains one variant of a declared model: the whole loop, to be read from top to bottom.</summary>
public sealed class Trainer
{
    private readonly ModelEntry entry;
    private readonly Variant variant;
    private readonly TokenDataset data;
    private readonly TrainingOptions options;
    private readonly ITrainingObserver observer;
    private readonly CheckpointFolder? checkpoints;

    /// <summary>Checks what is asked for.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variant">How it is trained.</param>
    /// <param name="data">The text.</param>
    /// <param name="options">The run.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <exception cref="InputException">The options don't fit the model or each other.</exception>
    public Trainer(ModelEntry entry, Variant variant, TokenDataset data, TrainingOptions options, ITrainingObserver observer)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(options);
        TrainingOptionsCheck.Validate(options, entry.Cost);
        this.entry = entry;
        this.variant = variant;
        this.data = data;
        this.options = options;
        this.observer = observer;
        checkpoints = options.Output is null ? null : new CheckpointFolder(options.Output);
    }

    /// <summary>Trains, from the beginning or from the newest checkpoint.</summary>
    /// <param name="stop">When it is cancelled, the current step is finished and a checkpoint saved.</param>
    /// <exception cref="InputException">The run to be resumed was another one, or the text doesn't fit the model.</exception>
    public RunResult Run(CancellationToken stop)
    {
        var resumed = FindCheckpoint();
        var start = resumed is null && options.From is not null ? StartingPoint.Open(options.From, entry, variant) : null;
        using var memory = new MemoryWatch(resumed?.Info.Totals.PeakMemoryBytes ?? 0);
        using var model = Variants.Create(entry, variant, new ModelOptions
        {
            Device = Devices.Parse(options.Device),
            ComputeType = Devices.ComputeType(options.Precision),
            Seed = options.Seed,
            Initialize = resumed is null && start is null,
        });
        if (data.Tokenizer.VocabularySize > model.Vocabulary)
        {
            throw new InputException(
                $"The tokenizer has {data.Tokenizer.VocabularySize} entries and {entry.Name} has a vocabulary of {model.Vocabulary}; "
                + "declare a larger vocabulary or use a smaller tokenizer.");
        }

        var changes = (resumed ?? start)?.Info.Changes;
        (resumed ?? start)?.LoadParameters(model);
        if (start is not null)
            changes = FineTuner.Begin(model, start, options, changes);
        var totals = resumed?.Info.Totals ?? new RunTotals { ParametersAtStart = CountParameters(model) };
        using var parameters = new FlatParameters(model);
        if (resumed is not null)
            OptimizerState.Load(resumed, parameters);

        var optimizer = new AdamW(
            parameters,
            new AdamWOptions(options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay, options.ClipNorm));
        var rate = new LearningRateSchedule(options.LearningRate, options.Steps, options.WarmupFraction, options.FinalLearningRateFraction);
        var sampler = new BatchSampler(data.Training, options.Context, options.SequencesPerStep, options.Seed);
        var speed = new SpeedMeter((long)options.SequencesPerStep * options.Context);
        var step = resumed?.Info.Step ?? 0;
        var saved = resumed?.Folder;
        var stopped = false;
        observer.Started(entry.Name, variant, step, options.Steps);

        while (true)
        {
            var clock = Stopwatch.StartNew();
            var guideParameters = GuideParameters(model);
            var alpha = model.PrepareStep(new TrainingStep(step, options.Steps, options.Seed));
            parameters.FollowGuides();
            var guided = model.HasGuide;
            if (guideParameters > 0 && !guided)
                observer.GuideReleased(step, guideParameters);
            clock.Stop();

            if (MustEvaluate(step) && !totals.Validation.Any(earlier => earlier.Step == step))
                totals = Evaluate(model, step, alpha, totals);
            if (step == options.Steps)
                break;
            if (stop.IsCancellationRequested)
            {
                stopped = true;
                break;
            }

            clock.Start();
            using var stepLoss = zeros(1, ScalarType.Float64, model.Options.Device);
            using (var tape = new Tape(model.Options))
            {
                for (var first = 0; first < options.SequencesPerStep; first += options.SequencesPerMicroBatch)
                    AccumulateGradients(model, sampler, step, first, stepLoss, tape);
            }

            model.ProjectGradients();
            var flops = StepFlops(model);
            var learningRate = rate.At(step);
            var norm = optimizer.Step(learningRate);
            var loss = stepLoss.item<double>() / TokensPerStep;
            clock.Stop();

            step++;
            var seconds = clock.Elapsed.TotalSeconds;
            totals = totals with
            {
                Flops = totals.Flops + flops,
                GuidedFlops = totals.GuidedFlops + (guided ? flops : 0),
                GuidedSteps = totals.GuidedSteps + (guided ? 1 : 0),
                Seconds = totals.Seconds + seconds,
                GuidedSeconds = totals.GuidedSeconds + (guided ? seconds : 0),
                PeakMemoryBytes = memory.PeakBytes,
            };
            observer.StepTaken(new StepMetrics(
                step, options.Steps, loss, learningRate, alpha, norm, speed.TokensPerSecond(seconds), totals.Seconds, totals.Flops));
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
            {
                throw new InvalidOperationException(
                    $"Step {step} diverged: loss {loss}, gradient norm {norm}. Lower the learning rate ({options.LearningRate}); "
                    + "the checkpoints before this step are whole.");
            }

            if (options.CheckpointEvery > 0 && step % options.CheckpointEvery == 0 && step < options.Steps)
                saved = Save(model, changes, parameters, step, totals);
        }

        totals = totals with { PeakMemoryBytes = memory.PeakBytes };
        if (saved is null || resumed is null || resumed.Info.Step != step)
            saved = Save(model, changes, parameters, step, totals);
        return Result(model, step, stopped, saved, totals);
    }

    private long TokensPerStep => (long)options.SequencesPerStep * options.Context;

    private void AccumulateGradients(LanguageModel model, BatchSampler sampler, long step, int first, Tensor stepLoss, Tape tape)
    {
        var count = options.SequencesPerMicroBatch;
        var inputs = new long[count * options.Context];
        var targets = new long[count * options.Context];
        sampler.Read(step, first, count, inputs, targets);
        using var inputTensor = TokenTensor.Create(inputs, count, options.Context, model.Options.Device);
        using var targetTensor = TokenTensor.Create(targets, count, options.Context, model.Options.Device);
        tape.Dropout = new DropoutKey(options.Seed, step, first);
        using var loss = NextTokenLoss.Backward(model, inputTensor, targetTensor, 1.0 / TokensPerStep, tape);
        stepLoss.add_(loss);
    }

    // Counted from the tensors that took part, not looked up: a test holds it against the compiler's prediction.
    private decimal StepFlops(LanguageModel model) =>
        (decimal)model.LiveTrainingFlopsPerToken(options.Context) * TokensPerStep + model.LiveProjectionFlops();

    private bool MustEvaluate(long step) =>
        step == options.Steps || (options.EvaluateEvery > 0 && step % options.EvaluateEvery == 0);

    private RunTotals Evaluate(LanguageModel model, long step, double alpha, RunTotals totals)
    {
        var sequences = step == options.Steps ? options.FinalEvaluationSequences : options.EvaluationSequences;
        var (loss, _) = Evaluator.Evaluate(model, data.Validation, options.Context, sequences);
        var metrics = new ValidationMetrics(step, loss, alpha, totals.Seconds, totals.Flops);
        observer.Evaluated(metrics);
        return totals with { Validation = [.. totals.Validation, metrics] };
    }

    private Checkpoint? FindCheckpoint()
    {
        if (options.Output is null)
            return null;
        var newest = Checkpoint.Newest(options.Output);
        if (options.Resume)
        {
            if (newest is not null)
                ResumeCheck.Validate(newest.Info, entry, variant, data.Fingerprint, options);
            return newest;
        }

        // A new run must not write among the checkpoints of another one.
        if (newest is not null)
        {
            throw new InputException(
                $"'{options.Output}' holds a run that stands at step {newest.Info.Step} of {newest.Info.Options.Steps}; add --resume to go on, or choose another --output.");
        }

        return null;
    }

    private string? Save(LanguageModel model, ModelChanges? changes, FlatParameters parameters, long step, RunTotals totals)
    {
        if (checkpoints is null)
            return null;
        var path = checkpoints.Write(step, folder =>
        {
            SafeTensorsFile.Write(
                Path.Combine(folder, Checkpoint.ModelFile),
                [.. model.named_parameters().Select(named => (named.name, (Tensor)named.parameter))]);
            OptimizerState.Save(folder, parameters);
            File.Copy(data.TokenizerPath, Path.Combine(folder, Checkpoint.TokenizerFile));
            return new CheckpointInfo
            {
                Model = entry.FullName,
                Variant = variant,
                Vocabulary = model.Vocabulary,
                Step = step,
                Options = options,
                Changes = changes,
                DataFingerprint = data.Fingerprint,
                Guides = [.. model.named_parameters().Select(named => named.name).Where(name => name.EndsWith(".guide", StringComparison.Ordinal))],
                Updates = OptimizerState.Updates(parameters),
                Totals = totals,
                Files = [],
            };
        });
        observer.CheckpointSaved(step, path);
        return path;
    }

    private RunResult Result(LanguageModel model, long step, bool stopped, string? saved, RunTotals totals) => new()
    {
        Model = entry.Name,
        Variant = variant,
        Seed = options.Seed,
        Parameters = CountParameters(model),
        ParametersAtStart = totals.ParametersAtStart,
        TrainingFlops = totals.Flops,
        GuidedFlops = totals.GuidedFlops,
        GuidedSteps = totals.GuidedSteps,
        Steps = step,
        Tokens = step * TokensPerStep,
        WallSeconds = totals.Seconds,
        GuidedSeconds = totals.GuidedSeconds,
        TokensPerSecond = totals.Seconds > 0 ? step * TokensPerStep / totals.Seconds : 0,
        PeakMemoryBytes = totals.PeakMemoryBytes,
        ValidationLoss = totals.Validation is [.., var last] ? last.Loss : double.NaN,
        Stopped = stopped,
        Checkpoint = saved,
        Validation = totals.Validation,
    };

    private static long CountParameters(LanguageModel model) => model.parameters().Sum(parameter => parameter.NumberOfElements);

    private static long GuideParameters(LanguageModel model) => model.FactoredLinears.Sum(linear => linear.Guide?.NumberOfElements ?? 0);
}
