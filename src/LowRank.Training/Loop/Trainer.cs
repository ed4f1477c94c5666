using System.Runtime.InteropServices;
using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Distributed;
using LowRank.Training.Evaluation;
using LowRank.Training.Files;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>Trains one variant of a declared model: the whole loop, to be read from top to bottom.</summary>
public sealed class Trainer
{
    private readonly TrainingJob job;

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
        job = new TrainingJob(entry, variant, data, options, observer);
    }

    /// <summary>
    /// How long saving the last checkpoint is tried again when it fails, on a full disk for one, every ten seconds: 24 hours unless set;
    /// <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes. Canceling the run's token gives it up, unless that was what ended
    /// the run.
    /// </summary>
    public TimeSpan SaveRetry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Time between two tries.</summary>
    internal TimeSpan SaveRetryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Free bytes of the disk on which a folder lies; null where nobody knows.</summary>
    internal Func<string, long?> FreeSpace { get; init; } = DiskSpace.Free;

    /// <summary>The lock on <see cref="TrainingOptions.Output"/>, where the caller has it already.</summary>
    internal RunLock? Held { get; init; }

    /// <summary>The processes that train the model together; null for one alone. Only the first one's observer is told anything.</summary>
    /// <exception cref="InputException">There are more of them than sequences in a step.</exception>
    internal ProcessGroup? Group
    {
        get => job.Group;
        init
        {
            if (value is not null)
                TrainingOptionsCheck.ValidateRanks(job.Options, value.World);
            job = job with { Group = value, Observer = value is { IsFirst: false } ? new SilentObserver() : job.Observer };
        }
    }

    /// <summary>The checkpoint that <see cref="TrainingOptions.From"/> names, where the caller has opened it already.</summary>
    internal Checkpoint? Start { get; init; }

    /// <summary>Trains, from the beginning or from the newest checkpoint.</summary>
    /// <param name="stop">When it is canceled, the current step is finished and a checkpoint saved.</param>
    /// <exception cref="InputException">
    /// The run to be resumed was another one, all of its checkpoints are damaged, another process trains in its folder, the text doesn't
    /// fit the model, or a module of the model sees later tokens.
    /// </exception>
    /// <exception cref="NoSpaceException">There is no room for a single checkpoint.</exception>
    /// <exception cref="CheckpointNotSavedException">The last checkpoint could not be saved within <see cref="SaveRetry"/>.</exception>
    /// <exception cref="TrainingDivergedException">A loss, a gradient norm or a weight is infinite or no number.</exception>
    public RunResult Run(CancellationToken stop)
    {
        var options = job.Options;
        using var own =
            Held is null && options.Output is not null && job.Saves ? RunLock.Acquire(options.Output, TimeSpan.Zero, stop) : null;
        using var products = Tf32.During(options.Tf32);
        var beginning = RunBeginning.Find(job, Start);
        RunAgreement.Check(job, beginning.Step);
        using var memory = new MemoryWatch(beginning.Resumed?.Info.Totals.PeakMemoryBytes ?? 0);
        var deviceMemory = new DeviceMemoryWatch(
            Devices.ForComputing(options.Device),
            beginning.Resumed?.Info.Totals.PeakDeviceMemoryBytes
        );
        using var current = beginning.CreateModel();
        if (beginning.Resumed is not null)
            OptimizerState.Load(beginning.Resumed, current.Parameters);
        var checkpoints = new RunCheckpoints(job, Saving(beginning), beginning.Companions, beginning.Resumed);
        var shortage = checkpoints.CheckRoom(current);
        var totals = beginning.Totals(current);
        var trained = FineTuningMethods.Trained(options.FineTuning, current.Changes is { Adapted.Count: > 0 }, job.Variant);
        beginning.Announce(trained, shortage);

        using var log = new RunLog(job, totals, memory, deviceMemory, current.Model.Options.Device.type);
        var step = Train(current, beginning.Step, log, checkpoints, stop);
        deviceMemory.Look();
        totals = log.Totals with { PeakMemoryBytes = memory.PeakBytes, PeakDeviceMemoryBytes = deviceMemory.PeakBytes };
        checkpoints.SaveLast(current, step, totals, stop);
        return RunResult.Of(job, trained, current, step, totals, checkpoints.Newest);
    }

    // The training loop. Returns the steps taken: fewer than asked for where the run was stopped.
    private long Train(CurrentModel current, long step, RunLog log, RunCheckpoints checkpoints, CancellationToken stop)
    {
        var options = job.Options;
        var rate = new LearningRateSchedule(options.LearningRate, options.Steps, options.WarmupFraction, options.FinalLearningRateFraction);
        var microBatches = job.MicroBatches().ToList();
        var sampler = new BatchSampler(job.Data, options.Context, options.SequencesPerStep, options.Seed);
        var evaluation = new RunEvaluation(job, log);
        var guides = new GuideWatch(job.Observer, log, current.Model);
        try
        {
            while (true)
            {
                if (DensePhase.BeginsAt(step, current.Variant, options))
                {
                    log.Read();
                    job.Observer.BecameDense(step, current.BecomeDense());
                }

                var (model, optimizer) = (current.Model, current.Optimizer);
                using (var scope = model.BeginStep(step, DensePhase.LastStep(step, options)))
                {
                    var guided = guides.Look(model, step);
                    if (evaluation.IsDue(step))
                        evaluation.Evaluate(model, step, scope.Alpha);
                    // Several ranks stop together, when all have heard of it.
                    if (step == options.Steps || (job.Group is null ? stop.IsCancellationRequested : log.IsAskedToStop))
                        break;

                    var learningRate = rate.At(step) * DensePhase.RateFactor(step, options);
                    var reduction = current.Parameters.Reduction;
                    reduction?.Begin();
                    var loss = zeros(2, ScalarType.Float64, model.Options.Device);
                    // Of the whole step, whoever reads it: every target that counts weighs the same.
                    var counted = sampler.CountedOf(step);
                    foreach (var (first, count) in microBatches)
                    {
                        using var batch = MicroBatch.Read(sampler, job, step, first, count, model.Options.Device);
                        scope.Tape.Dropout = new DropoutKey(options.Seed, step, first) { Sequences = count };
                        if (reduction is not null && first == microBatches[^1].First)
                            scope.Tape.BlockDone = reduction.SendBlock;
                        using var part = NextTokenLoss.Backward(
                            model,
                            batch.Inputs,
                            batch.Targets,
                            1.0 / counted,
                            scope.Tape,
                            balanceScale: 1.0 / job.TokensPerStep,
                            batch.Documents
                        );
                        using var sum = loss.narrow(0, 0, 1);
                        sum.AddInPlace(part);
                    }

                    var loads = new ExpertLoads(model);
                    loss = loads.Behind(loss);
                    if (reduction is not null)
                    {
                        Sum(reduction, loss, stop);
                        loads.TakeSums(loss);
                    }

                    var flops = StepFlops(model, scope);
                    var norm = scope.Update(() => optimizer.Update(learningRate)); // Clips, steps, and clears the gradients.
                    log.Add(
                        new PendingStep(step + 1, learningRate, scope.Alpha, guided, flops, counted, loss, norm) { Experts = loads.Experts }
                    );
                }

                current.Parameters.Reduction?.ShareRebalanced();
                step++;
                if (log.IsFull)
                    log.Read();
                if (checkpoints.IsDue(step))
                    checkpoints.Save(current, step, log);
            }

            if (step == options.Steps)
                evaluation.EvaluateAtEnd(current.Model);
        }
        catch (ExternalException)
        {
            // A solver refuses what a diverged step left, before the step's loss was read: the loss says what is wrong.
            log.Read();
            throw;
        }

        log.Read();
        return step;
    }

    // The gradients of all ranks, the losses, and whether somebody has asked one of them to stop.
    private static void Sum(GradientReduction reduction, Tensor loss, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            using var flag = loss.narrow(0, 1, 1);
            flag.FillInPlace(1);
        }

        reduction.Finish(loss);
    }

    // Counted from the tensors that took part, not looked up: a test holds it against the compiler's prediction.
    private decimal StepFlops(LanguageModel model, StepScope scope) =>
        (decimal)model.LiveTrainingFlopsPerToken(job.Options.Context) * job.TokensPerStep
        + model.LiveProjectionFlops()
        + model.LiveUpkeepFlops(scope.Position);

    private CheckpointSaving? Saving(RunBeginning beginning)
    {
        if (job.Options.Output is not { } output || !job.Saves)
            return null;
        var saving = new CheckpointSaving(output, job.Observer)
        {
            Patience = SaveRetry,
            Interval = SaveRetryInterval,
            Free = FreeSpace,
        };
        saving.Spare(beginning.PassedOver);
        return saving;
    }
}
