using System.Diagnostics;
using System.Runtime.InteropServices;
using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Reparameterization;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.FineTuning;
using LowRank.Training.Locks;
using LowRank.Training.Optimization;
using LowRank.Training.Pretrained;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training;

/// <summary>Trains one variant of a declared model: the whole loop, to be read from top to bottom.</summary>
public sealed class Trainer
{
    private const int ReadEveryOnDevice = 10;

    private readonly ModelEntry entry;
    private readonly Variant variant;
    private readonly TokenDataset data;
    private readonly TrainingOptions options;
    private readonly ITrainingObserver observer;

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
        TrainingOptionsCheck.ValidateVariant(options, entry, variant);
        TrainingOptionsCheck.ValidateMemory(options, entry, variant);
        this.entry = entry;
        this.variant = variant;
        this.data = data;
        this.options = options;
        this.observer = observer;
    }

    /// <summary>
    /// How long saving the last checkpoint is tried again when it fails, on a full disk for one, every ten seconds: 24 hours unless set;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes. Cancelling the run's token gives it up, unless that was what ended the run.
    /// </summary>
    public TimeSpan SaveRetry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Time between two tries.</summary>
    internal TimeSpan SaveRetryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Free bytes of the disk on which a folder lies; null where nobody knows.</summary>
    internal Func<string, long?> FreeSpace { get; init; } = DiskSpace.Free;

    /// <summary>The lock on <see cref="TrainingOptions.Output"/>, where the caller has it already.</summary>
    internal RunLock? Held { get; init; }

    /// <summary>The checkpoint that <see cref="TrainingOptions.From"/> names, where the caller has opened it already.</summary>
    internal Checkpoint? Start { get; init; }

    /// <summary>Trains, from the beginning or from the newest checkpoint.</summary>
    /// <param name="stop">When it is cancelled, the current step is finished and a checkpoint saved.</param>
    /// <exception cref="InputException">
    /// The run to be resumed was another one, all of its checkpoints are damaged, another process trains in its folder, or the text doesn't
    /// fit the model.
    /// </exception>
    /// <exception cref="CheckpointNotSavedException">The last checkpoint could not be saved within <see cref="SaveRetry"/>.</exception>
    /// <exception cref="TrainingDivergedException">A loss, a gradient norm or a weight is infinite or no number.</exception>
    public RunResult Run(CancellationToken stop)
    {
        using var own = Held is null && options.Output is not null ? RunLock.Acquire(options.Output, TimeSpan.Zero, stop) : null;
        var resumed = FindCheckpoint(out var passedOver);
        var start = resumed is null && options.From is not null ? Start ?? Checkpoint.Open(options.From, observer.Warned) : null;
        if (start is not null)
            StartingPoint.Check(start, options.From, entry, variant);
        if (resumed is null && start is null)
            StartingPoint.RefuseIfNeeded(entry, variant);
        using var memory = new MemoryWatch(resumed?.Info.Totals.PeakMemoryBytes ?? 0);
        using var current = Begin(resumed, start, out var changes, out var transferred);
        if (resumed is not null)
            OptimizerState.Load(resumed, current.Parameters);
        var model = current.Model;
        var saving = options.Output is null
            ? null
            : new CheckpointSaving(options.Output, observer) { Patience = SaveRetry, Interval = SaveRetryInterval, Free = FreeSpace };
        saving?.Spare(passedOver);
        var shortage = resumed?.Info.Step == options.Steps ? null : saving?.CheckRoom(Bytes(current));
        var totals = resumed?.Info.Totals.Resumed(options.Steps) ?? new RunTotals { ParametersAtStart = CountParameters(model) };
        var rate = new LearningRateSchedule(options.LearningRate, options.Steps, options.WarmupFraction, options.FinalLearningRateFraction);
        var sampler = new BatchSampler(data.Training, options.Context, options.SequencesPerStep, options.Seed);
        var speed = new SpeedMeter((long)options.SequencesPerStep * options.Context);
        var step = resumed?.Info.Step ?? 0;
        var saved = resumed?.Folder;
        var stopped = false;
        var trained = FineTuningMethods.Trained(options.FineTuning, changes is { Adapted.Count: > 0 }, variant);
        observer.Started(entry.Name, trained, step, options.Steps);
        if (shortage is not null)
            observer.Warned(shortage);
        if (transferred is not null)
            observer.WeightsTransferred(start!.Info.Model, start.Info.Variant, transferred);
        using var pending = new PendingSteps();
        var readEvery = options.LogEvery ?? (model.Options.Device.type == DeviceType.CPU ? 1 : ReadEveryOnDevice);
        var clock = new Stopwatch();

        try
        {
            while (true)
            {
                if (step == DensePhase.FirstStep(options) && current.Variant != Variant.Dense)
                {
                    ReadPending();
                    clock.Start();
                    var before = CountParameters(model);
                    current.BecomeDense();
                    (model, changes) = (current.Model, null); // What was changed about the factored layers is merged with them.
                    observer.BecameDense(step, CountParameters(model) - before);
                }

                clock.Start();
                var guideParameters = GuideParameters(model);
                var position = new TrainingStep(step, DensePhase.LastStep(step, options), options.Seed);
                var alpha = model.PrepareStep(position);
                current.Parameters.FollowGuides();
                var guided = model.HasGuide;
                if (guideParameters > 0 && !guided)
                {
                    ReadPending();
                    observer.GuideReleased(step, guideParameters);
                }

                clock.Stop();
                if (MustEvaluate(step) && !totals.Validation.Any(earlier => earlier.Step == step))
                {
                    ReadPending();
                    totals = Evaluate(model, step, alpha, totals);
                    if (totals.Validation[^1].Loss is var loss && !double.IsFinite(loss))
                        throw Divergence.At(FormattableString.Invariant($"The evaluation after step {step} diverged: loss {loss}"), step, step, options);
                }

                if (step == options.Steps)
                {
                    totals = totals with { Final = totals.Final ?? EvaluateAtEnd(model) };
                    if (totals.Final.Loss is var loss && !double.IsFinite(loss))
                        throw Divergence.At(FormattableString.Invariant($"The final evaluation diverged: loss {loss}"), step, step, options);
                    break;
                }

                if (stop.IsCancellationRequested)
                {
                    stopped = true;
                    break;
                }

                clock.Start();
                var stepLoss = zeros(1, ScalarType.Float64, model.Options.Device);
                using (var tape = new Tape(model.Options))
                {
                    for (var first = 0; first < options.SequencesPerStep; first += options.SequencesPerMicroBatch)
                        AccumulateGradients(model, sampler, step, first, stepLoss, tape);
                }

                model.ProjectGradients();
                var flops = StepFlops(model, position);
                var learningRate = rate.At(step) * DensePhase.RateFactor(step, options);
                var norm = current.Optimizer.Update(learningRate);
                step++;
                pending.Add(new PendingStep(step, learningRate, alpha, guided, flops, stepLoss, norm));
                model.CompleteStep(position);
                if (pending.Count >= readEvery)
                    ReadPending();
                clock.Stop();
                if (options.CheckpointEvery > 0 && step % options.CheckpointEvery == 0 && step < options.Steps)
                {
                    ReadPending();
                    RefuseDiverged(model, step);
                    saved = saving?.Try(step, Bytes(current), Writer(current, changes, step, totals)) ?? saved;
                }
            }
        }
        catch (ExternalException)
        {
            // A solver refuses what a diverged step left, before the step's loss was read: the loss says what is wrong.
            ReadPending();
            throw;
        }

        ReadPending();
        totals = totals with { PeakMemoryBytes = memory.PeakBytes };
        if (saving is not null && (resumed is null || resumed.Info.Step != step))
        {
            RefuseDiverged(model, step);
            saved = saving.Insist(step, Bytes(current), Writer(current, changes, step, totals), stop);
        }

        return Result(model, step, stopped, saved, totals) with { Variant = trained };

        // The time since the last reading belongs to the steps that are read, in equal parts: one by one they can't be timed.
        void ReadPending()
        {
            if (pending.Count == 0)
                return;
            clock.Start();
            var read = pending.Read();
            var seconds = clock.Elapsed.TotalSeconds / read.Count;
            clock.Reset();
            foreach (var (taken, sum, norm) in read)
            {
                var loss = sum / TokensPerStep;
                totals = Report(taken, loss, norm, seconds, totals with { PeakMemoryBytes = memory.PeakBytes }, speed);
                if (double.IsFinite(loss) && double.IsFinite(norm))
                    continue;
                throw Divergence.At(
                    FormattableString.Invariant($"Step {taken.Step} diverged: loss {loss}, gradient norm {norm}"), taken.Step, taken.Step - 1, options);
            }
        }
    }

    private CurrentModel Begin(Checkpoint? resumed, Checkpoint? start, out ModelChanges? changes, out IReadOnlyList<FactoredWeight>? transferred)
    {
        var stage = resumed?.Info.Variant ?? variant;
        var model = Variants.Create(entry, stage, new ModelOptions
        {
            Device = Devices.Parse(options.Device),
            ComputeType = Devices.ComputeType(options.Precision),
            Seed = options.Seed,
            Initialize = resumed is null && start is null,
        });
        try
        {
            if (data.Tokenizer.VocabularySize > model.Vocabulary)
            {
                throw new InputException(
                    $"The tokenizer has {data.Tokenizer.VocabularySize} entries and {entry.Name} has a vocabulary of {model.Vocabulary}; "
                    + "declare a larger vocabulary or use a smaller tokenizer.");
            }

            if (start is not null)
                StartingPoint.CheckTokenizer(start, data.Tokenizer, options);
            changes = (resumed ?? start)?.Info.Changes;
            transferred = null;
            if (start is null || StartingPoint.IsOf(start, entry, variant))
                (resumed ?? start)?.LoadParameters(model);
            else
                (transferred, changes) = (StartingPoint.Transfer(start, model), null);
            if (start is not null)
            {
                changes = FineTuner.Begin(model, options, changes);
                MemoryWatch.ReturnUnusedMemory(); // The weights that became factors.
            }

            return new CurrentModel(entry, stage, model, options);
        }
        catch
        {
            model.Dispose();
            throw;
        }
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
        stepLoss.AddInPlace(loss);
    }

    private RunTotals Report(PendingStep taken, double loss, double norm, double seconds, RunTotals before, SpeedMeter speed)
    {
        var totals = before with
        {
            Flops = before.Flops + taken.Flops,
            GuidedFlops = before.GuidedFlops + (taken.Guided ? taken.Flops : 0),
            GuidedSteps = before.GuidedSteps + (taken.Guided ? 1 : 0),
            Seconds = before.Seconds + seconds,
            GuidedSeconds = before.GuidedSeconds + (taken.Guided ? seconds : 0),
        };
        observer.StepTaken(new StepMetrics(
            taken.Step, options.Steps, loss, taken.LearningRate, taken.Alpha, norm, speed.TokensPerSecond(seconds), totals.Seconds, totals.Flops));
        return totals;
    }

    // Counted from the tensors that took part, not looked up: a test holds it against the compiler's prediction.
    private decimal StepFlops(LanguageModel model, TrainingStep position) =>
        (decimal)model.LiveTrainingFlopsPerToken(options.Context) * TokensPerStep + model.LiveProjectionFlops() + model.LiveUpkeepFlops(position);

    private bool MustEvaluate(long step) =>
        step == options.Steps || (options.EvaluateEvery > 0 && step % options.EvaluateEvery == 0);

    private RunTotals Evaluate(LanguageModel model, long step, double alpha, RunTotals totals)
    {
        var (loss, _) = LossOver(options.EvaluationSequences, model);
        var metrics = new ValidationMetrics(step, loss, alpha, totals.Seconds, totals.Flops);
        observer.Evaluated(metrics);
        return totals with { Validation = [.. totals.Validation, metrics] };
    }

    // Over more of the text, so never a point of the curve.
    private FinalMetrics EvaluateAtEnd(LanguageModel model)
    {
        var (loss, tokens) = LossOver(options.FinalEvaluationSequences, model);
        var metrics = new FinalMetrics(options.Steps, loss, tokens);
        observer.EvaluatedAtEnd(metrics);
        return metrics;
    }

    private (double Loss, long Tokens) LossOver(int sequences, LanguageModel model)
    {
        // Evaluation needs other memory than the steps; both at once would be the peak of the run.
        ActivationMemory.FreeUnused();
        return Evaluator.Evaluate(model, data.Validation, options.Context, sequences);
    }

    private Checkpoint? FindCheckpoint(out IEnumerable<string> passedOver)
    {
        passedOver = [];
        if (options.Output is null)
            return null;
        var search = CheckpointSearch.In(options.Output);
        search.Report(observer.Warned);
        passedOver = search.PassedOver.Select(damaged => damaged.Folder);
        var newest = search.Newest;
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

    private void RefuseDiverged(LanguageModel model, long step)
    {
        if (Divergence.FindIn(model) is { } name)
            throw Divergence.At($"Step {step} diverged: '{name}' holds values that are infinite or no numbers after it", step, step, options);
    }

    private long Bytes(CurrentModel current) =>
        current.Model.named_parameters().Sum(named => named.parameter.NumberOfElements * named.parameter.ElementSize)
        + OptimizerState.Bytes(current.Parameters)
        + new FileInfo(data.TokenizerPath).Length;

    private Func<string, CheckpointInfo> Writer(CurrentModel current, ModelChanges? changes, long step, RunTotals totals) => folder =>
    {
        var (model, parameters) = (current.Model, current.Parameters);
        SafeTensorsFile.Write(
            Path.Combine(folder, Checkpoint.ModelFile),
            [.. model.named_parameters().Select(named => (named.name, (Tensor)named.parameter))]);
        OptimizerState.Save(folder, parameters);
        File.Copy(data.TokenizerPath, Path.Combine(folder, Checkpoint.TokenizerFile));
        return new CheckpointInfo
        {
            Model = entry.FullName,
            Variant = current.Variant,
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
    };

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
        ValidationLoss = totals.Final?.Loss ?? double.NaN,
        ValidationTokens = totals.Final?.Tokens,
        Stopped = stopped,
        Checkpoint = saved,
        Validation = totals.Validation,
    };

    private static long CountParameters(LanguageModel model) => model.parameters().Sum(parameter => parameter.NumberOfElements);

    private static long GuideParameters(LanguageModel model) => model.FactoredLinears.Sum(linear => linear.Guide?.NumberOfElements ?? 0);
}
