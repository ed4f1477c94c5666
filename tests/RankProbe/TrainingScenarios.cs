using System.Globalization;
using LowRank.Training;
using LowRank.Training.Data;
using LowRank.Training.Distributed;
using LowRank.Training.FineTuning;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;

namespace LowRank.RankProbe;

/// <summary>
/// Whole trainings by every optimizer, of adapters too, under both shardings: their losses, which one process has as well.
/// </summary>
internal static class TrainingScenarios
{
    /// <summary>The environment variable that names the folder with the text and the runs.</summary>
    public const string FolderVariable = "RANK_PROBE_FOLDER";

    /// <summary>Steps of each.</summary>
    public const int Steps = 50;

    // While all guides are there.
    private const int StopAfter = 20;

    private const string Start = "start";

    /// <summary>A folder of runs to go on with.</summary>
    public static string Begun(string folder, int ranks) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"begun-{ranks}"));

    /// <summary>Writes and prepares the text, and the model beside which adapters are trained.</summary>
    public static void Prepare(string folder)
    {
        // The same in every test run: another one would round otherwise.
        var random = new Random(7);
        string[] words =
        [
            .. "the rank of a matrix is what remains when all that repeats itself has been taken away from it, and two factors hold it; their product is as large as before, while a step moves, sends and keeps less".Split(
                ' '
            ),
        ];
        Directory.CreateDirectory(TextOf(folder));
        for (var document = 0; document < 20; document++)
        {
            File.WriteAllText(
                Path.Combine(TextOf(folder), string.Create(CultureInfo.InvariantCulture, $"{document}.txt")),
                string.Join(' ', random.GetItems(words, 400))
            );
        }

        using var data = Data(folder);
        var options = Options(OptimizerKind.AdamW) with { Steps = 2, Output = Path.Combine(folder, Start) };
        new Trainer(Entry, Variant.Dense, data, options, new SilentObserver()).Run(default);
    }

    /// <summary>Trains everything.</summary>
    public static IEnumerable<(string Name, string Value)> Train(ProcessGroup group) => Train(group, Folder);

    /// <summary>The same, by one process where there is no group.</summary>
    public static IEnumerable<(string Name, string Value)> Train(ProcessGroup? group, string folder)
    {
        using var data = Data(folder);
        foreach (var sharding in Enum.GetValues<Sharding>())
        {
            // What is shared is nothing to one process.
            if (group is null && sharding != Sharding.None)
                continue;
            foreach (var (name, variant, options) in Trainings(folder))
            {
                var losses = Run(group, variant, data, options with { Sharding = sharding });
                yield return ($"{name} {sharding}", losses);
            }
        }
    }

    /// <summary>Begins everything, its state shared, and stops.</summary>
    public static IEnumerable<(string Name, string Value)> Begin(ProcessGroup group)
    {
        using var data = Data(Folder);
        foreach (var (name, variant, options) in Trainings(Folder))
        {
            var begun = options with { Sharding = Sharding.Optimizer, Output = Path.Combine(Begun(Folder, group.World), name) };
            yield return (name, Run(group, variant, data, begun, StopAfter));
        }
    }

    /// <summary>Goes on with a copy of what other ranks have begun.</summary>
    public static IEnumerable<(string Name, string Value)> GoOn(ProcessGroup group) => GoOn(group, Folder);

    /// <summary>The same, by one process where there is no group.</summary>
    public static IEnumerable<(string Name, string Value)> GoOn(ProcessGroup? group, string folder)
    {
        using var data = Data(folder);
        var world = group?.World ?? 1;
        foreach (var (name, variant, options) in Trainings(folder))
        {
            var resumed = options with
            {
                Resume = true,
                Sharding = world % 2 == 0 ? Sharding.None : Sharding.Optimizer,
                Output = Path.Combine(Begun(folder, world), name),
            };
            yield return (name, Run(group, variant, data, resumed));
        }
    }

    private static string Folder =>
        Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} isn't set.");

    private static ModelEntry Entry => ModelCatalog.Models.Single(entry => entry.Name == nameof(RankedForm));

    private static string TextOf(string folder) => Path.Combine(folder, "made");

    private static TokenDataset Data(string folder) =>
        TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths = [TextOf(folder)],
                Vocabulary = 300,
                ValidationFraction = 0.1,
                CacheDirectory = Path.Combine(folder, "cache"),
            },
            progress: null,
            default
        );

    private static IEnumerable<(string Name, Variant Variant, TrainingOptions Options)> Trainings(string folder)
    {
        foreach (var kind in Enum.GetValues<OptimizerKind>())
            yield return (kind.Key(), Variant.Guided, Options(kind));
        yield return (
            "lora",
            Variant.Dense,
            Options(OptimizerKind.AdamW) with
            {
                From = Path.Combine(folder, Start),
                FineTuning = new FineTuningOptions { Method = FineTuningMethod.Lora, Rank = 3 },
            }
        );
    }

    private static TrainingOptions Options(OptimizerKind optimizer) =>
        new TrainingOptions
        {
            Steps = Steps,
            SequencesPerStep = 4,
            SequencesPerMicroBatch = 2,
            Context = 16,
            Seed = 5,
            EvaluateEvery = 25,
            EvaluationSequences = 2,
            FinalEvaluationSequences = 4,
            CheckpointEvery = 0,
            GaLoreRank = 3,
            GaLoreGap = 7,
        }.WithOptimizer(optimizer) with
        {
            // At higher rates rounding alone leads elsewhere within 50 steps.
            LearningRate = 1e-3,
        };

    private static string Run(ProcessGroup? group, Variant variant, TokenDataset data, TrainingOptions options, int stopAfter = -1)
    {
        using var stop = new CancellationTokenSource();
        var losses = new Losses { At = stopAfter - 1, Then = stop.Cancel };
        var result = new Trainer(Entry, variant, data, options, losses) { Group = group }.Run(stop.Token);
        // On all ranks; only the first one's observer is told anything.
        if (!result.Stopped)
            losses.Add(result.ValidationLoss);
        return losses.ToString();
    }

    // All digits, since repeats have the same bits.
    private sealed class Losses : ITrainingObserver
    {
        private readonly List<string> numbers = [];

        public int At { get; init; }

        public required Action Then { get; init; }

        public void Add(double loss) => numbers.Add(loss.ToString("r", CultureInfo.InvariantCulture));

        public override string ToString() => string.Join(' ', numbers);

        public void Started(string model, Variant variant, long firstStep, long steps) { }

        public void StepTaken(StepMetrics metrics)
        {
            Add(metrics.Loss);
            if (metrics.Step == At)
                Then();
        }

        public void Evaluated(ValidationMetrics metrics) => Add(metrics.Loss);

        public void GuideReleased(long step, long freedParameters) { }

        public void CheckpointSaved(long step, string path) { }
    }
}
