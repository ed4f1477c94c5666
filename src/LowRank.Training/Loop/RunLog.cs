using LowRank.Training.Runs;
using TorchSharp;

namespace LowRank.Training.Loop;

/// <summary>
/// The steps of a run on their way to the observer and into the totals. Loss and norm of a step are on the device; they are read together
/// for several steps, and the time since the last reading belongs to these steps in equal parts: one by one they can't be timed.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private const int ReadEveryOnDevice = 10;

    private readonly TrainingJob job;
    private readonly MemoryWatch memory;
    private readonly DeviceMemoryWatch deviceMemory;
    private readonly SpeedMeter speed;
    private readonly PendingSteps pending = new();
    private readonly int readEvery;

    /// <summary>An empty log; its clock runs from now on.</summary>
    /// <param name="job">The run.</param>
    /// <param name="totals">What earlier sittings have counted.</param>
    /// <param name="memory">Knows the peak of the memory.</param>
    /// <param name="deviceMemory">Knows the peak of the GPU's.</param>
    /// <param name="device">Where the model computes.</param>
    public RunLog(TrainingJob job, RunTotals totals, MemoryWatch memory, DeviceMemoryWatch deviceMemory, DeviceType device)
    {
        (this.job, this.memory, this.deviceMemory, Totals) = (job, memory, deviceMemory, totals);
        speed = new SpeedMeter(job.TokensPerStep);
        readEvery = job.Options.LogEvery ?? (device == DeviceType.CPU ? 1 : ReadEveryOnDevice);
    }

    /// <summary>What the run has counted, up to the last step that was read.</summary>
    public RunTotals Totals { get; set; }

    /// <summary>The time of the steps.</summary>
    public TrainingClock Clock { get; } = new();

    /// <summary>Whether a rank was asked to stop before a step that was read: then all stop.</summary>
    public bool IsAskedToStop { get; private set; }

    /// <summary>Whether it is time to read.</summary>
    public bool IsFull => pending.Count >= readEvery;

    /// <summary>Takes a step up, with its tensors.</summary>
    public void Add(PendingStep step) => pending.Add(step);

    /// <summary>Reads the steps and reports them: waits for the device.</summary>
    /// <exception cref="TrainingDivergedException">A loss or a norm is infinite or no number.</exception>
    public void Read()
    {
        if (pending.Count == 0)
            return;
        var read = pending.Read();
        // Of a rank that failed meanwhile the numbers may be wrong.
        job.Group?.Collectives.Wait();
        var seconds = Clock.Read() / read.Count;
        using var pause = Clock.Pause();
        deviceMemory.Look();
        foreach (var step in read)
        {
            var (taken, sum, norm, stop) = step;
            IsAskedToStop |= stop;
            var loss = sum / taken.Counted;
            Report(taken, loss, norm, seconds, ExpertLoads.Metrics(taken.Experts, step.Loads, job.Options.SequencesPerStep));
            if (double.IsFinite(loss) && double.IsFinite(norm))
                continue;
            throw Divergence.At(
                FormattableString.Invariant($"Step {taken.Step} diverged: loss {loss}, gradient norm {norm}"),
                taken.Step,
                taken.Step - 1,
                job.Options
            );
        }
    }

    /// <summary>Forgets what was not read.</summary>
    public void Dispose() => pending.Dispose();

    private void Report(PendingStep taken, double loss, double norm, double seconds, ExpertMetrics? experts)
    {
        Totals = Totals with
        {
            PeakMemoryBytes = memory.PeakBytes,
            PeakDeviceMemoryBytes = deviceMemory.PeakBytes,
            Flops = Totals.Flops + taken.Flops,
            GuidedFlops = Totals.GuidedFlops + (taken.Guided ? taken.Flops : 0),
            GuidedSteps = Totals.GuidedSteps + (taken.Guided ? 1 : 0),
            Seconds = Totals.Seconds + seconds,
            GuidedSeconds = Totals.GuidedSeconds + (taken.Guided ? seconds : 0),
        };
        job.Observer.StepTaken(
            new StepMetrics(
                taken.Step,
                job.Options.Steps,
                loss,
                taken.LearningRate,
                taken.Alpha,
                norm,
                speed.TokensPerSecond(seconds),
                Totals.Seconds,
                Totals.Flops
            )
            {
                PeakDeviceMemoryBytes = deviceMemory.PeakBytes,
                Experts = experts,
            }
        );
    }
}
