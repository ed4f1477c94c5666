using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Layers;
using LowRank.Training.Data;
using LowRank.Training.Distributed;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>A few steps of a real training run in this process, alone or as one of the ranks that <c>mpirun</c> has started.</summary>
internal static class RankedTraining
{
    /// <summary>The command that runs it: <c>ranks-run VARIANT SHARDING SEQUENCES THREADS CACHE MODEL STEPS</c>.</summary>
    public const string Command = "ranks-run";

    /// <summary>The first steps are not timed.</summary>
    public const int Untimed = 3;

    private const int WarmUp = 2;
    private const int BandwidthRounds = 8;
    private const long BandwidthBytes = 64 << 20;

    /// <summary>Trains, and prints what the first rank has measured.</summary>
    public static void Print(IReadOnlyList<string> arguments)
    {
        var variant = Enum.GetValues<Variant>().Single(known => known.Key() == arguments[0]);
        var options = Options(int.Parse(arguments[2], CultureInfo.InvariantCulture)) with { Sharding = ShardingNames.Parse(arguments[1]) };
        set_num_threads(int.Parse(arguments[3], CultureInfo.InvariantCulture));
        var launcher = Launcher.Find(Environment.GetEnvironmentVariable);
        using var group = launcher is { HasOthers: true } ? ProcessGroup.Join(launcher, CPU, Environment.GetEnvironmentVariable) : null;
        var bandwidth = group is null ? 0 : Bandwidth(group.Collectives);
        using var data = Data(arguments[4]);
        var last = int.Parse(arguments[6], CultureInfo.InvariantCulture);
        var memory = new PeakOfRun();
        // Loads libraries and starts threads, so that the memory of the second run is its own.
        Train(nameof(RankModel), memory, WarmUp);
        MemoryWatch.ReturnUnusedMemory();
        memory.Begin();
        var seconds = new StepTimes(group?.Collectives);
        Train(arguments[5], seconds, last);
        var grown = memory.End();
        var largest = group is null
            ? grown
            : group.Collectives.GatherBytes(BitConverter.GetBytes(grown)).Max(bytes => BitConverter.ToInt64(bytes));
        if (group is null or { IsFirst: true })
            Console.WriteLine(JsonSerializer.Serialize(new RankFigures(seconds.Steps, seconds.Busy, seconds.Waited, bandwidth, largest)));

        void Train(string model, Silent observer, int steps)
        {
            using var stop = new CancellationTokenSource();
            (observer.LastStep, observer.AfterLast) = (steps, stop.Cancel);
            var entry = ModelCatalog.Models.Single(entry => entry.Name == model);
            new Trainer(entry, variant, data, options, observer) { Group = group }.Run(stop.Token);
        }
    }

    /// <summary>How it is trained.</summary>
    public static TrainingOptions Options(int sequences) =>
        new()
        {
            // Stopped long before: guides stay.
            Steps = 1_000,
            SequencesPerStep = sequences,
            SequencesPerMicroBatch = 2,
            Context = 128,
            EvaluateEvery = 0,
            EvaluationSequences = 1,
            FinalEvaluationSequences = 1,
        };

    /// <summary>The text, from the cache after the first time.</summary>
    public static TokenDataset Data(string cache) =>
        TokenDataset.Prepare(new CorpusOptions { Vocabulary = 1_024, CacheDirectory = cache }, progress: null, default);

    // Bytes that a rank sends in a second, and receives meanwhile, in an all-reduce by rings.
    private static double Bandwidth(ICollectives ranks)
    {
        using var bytes = zeros(BandwidthBytes / sizeof(float));
        var best = double.MaxValue;
        for (var round = 0; round < BandwidthRounds; round++)
        {
            ranks.Barrier();
            var start = Stopwatch.GetTimestamp();
            ranks.AllReduce([bytes]);
            ranks.Wait();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * (ranks.World - 1) / ranks.World * BandwidthBytes / best;
    }

    // Times the steps that are not the first.
    private sealed class StepTimes(ICollectives? ranks) : Silent
    {
        private CollectiveTimes begun;
        private double before;

        public List<double> Steps { get; } = [];

        public double Busy { get; private set; }

        public double Waited { get; private set; }

        public override void StepTaken(StepMetrics metrics)
        {
            if (metrics.Step > Untimed)
                Steps.Add(metrics.Seconds - before);
            before = metrics.Seconds;
            if (metrics.Step == Untimed)
                begun = ranks?.Times ?? default;
            if (metrics.Step == LastStep && ranks is not null)
            {
                Busy = (ranks.Times.Busy - begun.Busy).TotalSeconds / (LastStep - Untimed);
                Waited = (ranks.Times.Waited - begun.Waited).TotalSeconds / (LastStep - Untimed);
            }

            base.StepTaken(metrics);
        }
    }

    private sealed class PeakOfRun : Silent
    {
        private long before;

        public void Begin() => before = PeakMemory.Reset();

        public long End() => PeakMemory.Of(Environment.ProcessId) - before;
    }

    private class Silent : ITrainingObserver
    {
        public int LastStep { get; set; }

        public Action? AfterLast { get; set; }

        public void Started(string model, Variant variant, long firstStep, long steps) { }

        public virtual void StepTaken(StepMetrics metrics)
        {
            if (metrics.Step == LastStep)
                AfterLast?.Invoke();
        }

        public void Evaluated(ValidationMetrics metrics) { }

        public void GuideReleased(long step, long freedParameters) { }

        public void CheckpointSaved(long step, string path) { }
    }
}

/// <summary>What a rank has measured.</summary>
/// <param name="Steps">Seconds of each step.</param>
/// <param name="Busy">Seconds of a step in which something was sent.</param>
/// <param name="Waited">Seconds of a step in which nothing else was done meanwhile.</param>
/// <param name="Bandwidth">Bytes a second of a large all-reduce, by rings.</param>
/// <param name="Memory">Bytes by which the resident memory grew at most, on the rank where it grew most.</param>
internal sealed record RankFigures(IReadOnlyList<double> Steps, double Busy, double Waited, double Bandwidth, long Memory);
