using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Training.Runs;
using LowRank.Training.Scaling;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// Training on two ranks of one thread each, beside one process with two threads, and beside two processes that compute the same and send
/// nothing: what sending costs, how much of it is hidden, and how near the formulas of <c>describe --ranks</c> come.
/// </summary>
internal static class RanksBenchmark
{
    private const int Ranks = 2;
    private const int Sequences = 4;

    // Memory has grown to its peak in the second step, when the optimizer's state is there.
    private const int TimedSteps = 6;
    private const int MeasuredSteps = 1;

    /// <summary>Measures.</summary>
    /// <param name="rounds">How often each contender is started.</param>
    /// <param name="part"><c>steps</c> or <c>memory</c>; null for both.</param>
    /// <exception cref="InvalidOperationException">There is no <c>mpirun</c>, or a contender failed.</exception>
    public static IReadOnlyList<Figure> Run(int rounds, string? part)
    {
        var cache = Directory.CreateTempSubdirectory("lowrank-ranks-").FullName;
        try
        {
            using (RankedTraining.Data(cache)) { }
            var figures = new List<Figure>();
            foreach (var variant in new[] { Variant.Dense, Variant.Guided, Variant.LowRank })
            {
                if (part is null or "steps")
                    figures.AddRange(StepFigures(variant, rounds, cache));
                if (part is null or "memory")
                    figures.AddRange(MemoryFigures(variant, cache));
            }

            return figures;
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static IEnumerable<Figure> StepFigures(Variant variant, int rounds, string cache)
    {
        var (alone, apart, whole, sharded) = (Lists(), Lists(), Lists(), Lists());
        for (var round = 0; round < rounds; round++)
        {
            alone.Add(Read(OwnProcess.Prepare(Words("none", Sequences, Ranks))));
            apart.Add(Apart(Words("none", Sequences / Ranks, 1)));
            whole.Add(Read(OnRanks(Words("none", Sequences, 1))));
            sharded.Add(Read(OnRanks(Words("optimizer", Sequences, 1))));
        }

        var name = variant.Key();
        yield return Ratio("two ranks / one process with two threads", whole, alone);
        yield return Ratio("two ranks / two processes that send nothing", whole, apart);
        yield return Ratio("the same, --sharding optimizer", sharded, apart);
        yield return Figure.Of($"{name}: seconds of a step, two ranks", whole.Select(Seconds));
        foreach (var (label, runs, isSharded) in new[] { ("two ranks", whole, false), ("--sharding optimizer", sharded, true) })
        {
            yield return Figure.Of(
                $"{name}, {label}: share of the step that waits for others",
                runs.Select(run => run.Waited / Seconds(run))
            );
            yield return Figure.Of(
                $"{name}, {label}: share of sending that is hidden",
                runs.Select(run => 1 - Math.Min(1, run.Waited / run.Busy))
            );
            yield return Figure.Of(
                $"{name}, {label}: step as predicted without overlap / as measured",
                runs.Zip(apart).Select(pair => Predicted(variant, isSharded, pair.First, pair.Second) / Seconds(pair.First))
            );
        }

        string[] Words(string sharding, int sequences, int threads) =>
            RanksBenchmark.Words(variant, sharding, sequences, threads, cache, nameof(RankModel), TimedSteps);

        Figure Ratio(string label, List<RankFigures> mine, List<RankFigures> theirs) =>
            Figure.Of($"{name}: step of {label}", mine.Zip(theirs, (a, b) => Seconds(a) / Seconds(b)));

        static List<RankFigures> Lists() => [];
    }

    // Once each: memory is no matter of chance. Of a larger model, since some megabytes of a process are no tensors.
    private static IEnumerable<Figure> MemoryFigures(Variant variant, string cache)
    {
        const string Model = nameof(RankMemoryModel);
        yield return Of("one process", false, OwnProcess.Prepare(Words(variant, "none", Sequences, Ranks, cache, Model, MeasuredSteps)));
        yield return Of("a rank", false, OnRanks(Words(variant, "none", Sequences, 1, cache, Model, MeasuredSteps)));
        yield return Of(
            "a rank, --sharding optimizer",
            true,
            OnRanks(Words(variant, "optimizer", Sequences, 1, cache, Model, MeasuredSteps))
        );

        Figure Of(string label, bool isSharded, ProcessStartInfo start) =>
            Figure.Of($"{variant.Key()}: memory of {label} as predicted / as measured", [Memory(variant, isSharded) / Read(start).Memory]);
    }

    private static string[] Words(Variant variant, string sharding, int sequences, int threads, string cache, string model, int steps) =>
        [
            RankedTraining.Command,
            variant.Key(),
            sharding,
            Text(sequences),
            Text(threads),
            cache,
            model,
            Text(RankedTraining.Untimed + steps),
        ];

    // What each rank computes takes as long as where nothing is sent; what is sent goes at the measured bandwidth.
    private static double Predicted(Variant variant, bool isSharded, RankFigures ranks, RankFigures apart)
    {
        var job = Job() with { Links = new Links(ranks.Bandwidth, Latency: 0, Node: null) };
        var sharding = Of(nameof(RankModel), variant, job, isSharded);
        return Seconds(apart) + sharding.WireSeconds!.Value;
    }

    private static double Memory(Variant variant, bool isSharded)
    {
        var sharding = Of(nameof(RankMemoryModel), variant, Job(), isSharded);
        return (double)(sharding.HeldBytes + sharding.Rank.WorkingBytes(mixed: false)!.Value);
    }

    private static ShardingCost Of(string model, Variant variant, RankJob job, bool isSharded)
    {
        var cost = RankCost.All(ModelCatalog.Models.Single(entry => entry.Name == model), job).Single(cost => cost.Variant == variant);
        return isSharded ? cost.Sharded : cost.Whole;
    }

    private static RankJob Job()
    {
        var options = RankedTraining.Options(Sequences);
        return new RankJob(
            Ranks,
            options.SequencesPerStep,
            options.SequencesPerMicroBatch,
            options.Optimizer,
            options.GaLoreRank,
            options.GaLoreGap
        );
    }

    private static double Seconds(RankFigures run) => Figure.Of("", run.Steps).Median;

    // Both at once, since they share what the machine has.
    private static RankFigures Apart(string[] words)
    {
        var starts = Enumerable.Range(0, Ranks).Select(_ => OwnProcess.Prepare(words)).ToList();
        return starts.ConvertAll(start => Task.Run(() => Read(start))).ConvertAll(run => run.Result).MaxBy(Seconds)!;
    }

    private static ProcessStartInfo OnRanks(string[] words)
    {
        var own = OwnProcess.Prepare(words);
        var start = new ProcessStartInfo("mpirun") { RedirectStandardOutput = true };
        string[] flags = ["--oversubscribe", "-n", Text(Ranks), own.FileName];
        foreach (var word in flags.Concat(own.ArgumentList))
            start.ArgumentList.Add(word);
        // In containers there is often no other user.
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["TERM"] = "dumb";
        return start;
    }

    private static RankFigures Read(ProcessStartInfo start)
    {
        // mpirun binds a rank to one core, and there the runtime waits seconds before it compiles what is called often.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && output.LastIndexOf("{\"Steps\"", StringComparison.Ordinal) is >= 0 and var at
            ? JsonSerializer.Deserialize<RankFigures>(output[at..])!
            : throw new InvalidOperationException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}:\n{output}"
            );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
