using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Data.Examples;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using LowRank.Training.SafeTensors;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>
/// Runs of several ranks are those of one process, whatever is trained by whatever optimizer, and whatever the ranks share.
/// </summary>
public sealed class RankedRunTests
{
    // Losses are sums in another order, and so is what the weights become.
    private const double Tolerance = 1e-6;
    private const double MostOfRounding = 10;

    public static TheoryData<string, Variant, OptimizerKind, Sharding, int> Runs
    {
        get
        {
            var cases = new TheoryData<string, Variant, OptimizerKind, Sharding, int>();
            (string, Variant)[] models =
            [
                ("BalancedForm", Variant.Guided),
                ("ResidualForm", Variant.Guided),
                ("ColaForm", Variant.LowRank),
                ("SmallDeclared", Variant.Dense),
            ];
            var world = 2;
            foreach (var (model, variant) in models)
            {
                foreach (
                    var optimizer in Enum.GetValues<OptimizerKind>()
                        .Where(kind => kind != OptimizerKind.Spectron || variant != Variant.Dense)
                )
                {
                    foreach (var sharding in Enum.GetValues<Sharding>())
                        cases.Add(model, variant, optimizer, sharding, world = world % 3 + 2);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_losses_are_those_of_one_process(string model, Variant variant, OptimizerKind optimizer, Sharding sharding, int world)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        AssertAsAlone(SmallRuns.Find(model), variant, data, Options(optimizer) with { Sharding = sharding }, world);
    }

    // Of three ranks one has another micro-batch than the single process.
    [Theory]
    [InlineData(Sharding.None, 2)]
    [InlineData(Sharding.Optimizer, 3)]
    public void Adapters_are_trained_as_in_one_process(Sharding sharding, int world)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("SmallDeclared");
        var start = Options(OptimizerKind.AdamW, folder.Under("start")) with { Steps = 2 };
        new Trainer(entry, Variant.Dense, data, start, new StepLog()).Run(default);
        var options = Options(OptimizerKind.AdamW) with
        {
            From = folder.Under("start"),
            FineTuning = new FineTuningOptions
            {
                Method = FineTuningMethod.Lora,
                Rank = 3,
                Dropout = 0.1,
            },
            Sharding = sharding,
        };
        AssertAsAlone(entry, Variant.Dense, data, options, world);
    }

    // Of the examples' rows each has another number of targets that count, and every rank other rows.
    [Theory]
    [InlineData(Sharding.None, 2)]
    [InlineData(Sharding.Optimizer, 3)]
    public void Examples_are_trained_as_in_one_process(Sharding sharding, int world)
    {
        using var folder = new WorkFolder();
        using var tokenizer = SmallRuns.Data(folder);
        using var data = TokenDataset.PrepareExamples(
            new HalfCounted(),
            tokenizer.Tokenizer,
            new ExampleOptions { ValidationFraction = 0.2, CacheDirectory = folder.Under("examples") }
        );
        AssertAsAlone(
            SmallRuns.Find("BalancedForm"),
            Variant.Guided,
            data,
            Options(OptimizerKind.AdamW) with
            {
                Sharding = sharding,
            },
            world
        );
        AssertAsAlone(
            SmallRuns.Find("SmallDeclared"),
            Variant.LowRank,
            tokenizer,
            Options(OptimizerKind.AdamW) with
            {
                DocumentMasks = true,
                Sharding = sharding,
            },
            world
        );
    }

    [Theory]
    [InlineData(Sharding.None)]
    [InlineData(Sharding.Optimizer)]
    public void Factors_become_dense_on_all_ranks(Sharding sharding)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        AssertAsAlone(
            SmallRuns.Find("SmallDeclared"),
            Variant.LowRank,
            data,
            Options(OptimizerKind.Muon) with
            {
                DenseFrom = 0.5,
                Sharding = sharding,
            },
            world: 3
        );
    }

    // Every second step is saved; each sitting has another number of ranks and another sharding, and is killed two steps later.
    [Theory]
    [InlineData("BalancedForm", OptimizerKind.AdamW)]
    [InlineData("BalancedForm", OptimizerKind.Muon)]
    [InlineData("ResidualForm", OptimizerKind.Spectron)]
    [InlineData("SmallDeclared", OptimizerKind.GaLore)]
    public void A_run_goes_on_under_any_number_of_ranks(string model, OptimizerKind optimizer)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find(model);
        var alone = new StepLog();
        new Trainer(entry, Variant.Guided, data, Options(optimizer), alone).Run(default);

        var options = Options(optimizer, folder.Under("run"));
        var steps = new List<(long Step, double Loss, double Norm)>();
        foreach (
            var (world, sharding) in new[] { (2, Sharding.Optimizer), (1, Sharding.None), (4, Sharding.None), (3, Sharding.Optimizer) }
        )
        {
            var log = new StepLog();
            using var stop = new CancellationTokenSource();
            // Whichever rank is asked, all stop after the same step.
            var asked = new StepLog { At = steps.Count + 2, Then = stop.Cancel };
            var sitting = options with { Resume = steps.Count > 0, Sharding = sharding };
            if (world == 1)
                new Trainer(entry, Variant.Guided, data, sitting, asked).Run(stop.Token);
            else
                ThreadRanks.Run(
                    world,
                    group =>
                        new Trainer(entry, Variant.Guided, data, sitting, asked) { Group = group }.Run(
                            group.Rank == world - 1 ? stop.Token : default
                        )
                );
            steps.AddRange(asked.Steps);
        }

        Assert.Equal(alone.Steps.Take(steps.Count).Select(step => step.Step), steps.Select(step => step.Step));
        Assert.True(steps.Count is >= 8 and <= 12, $"{steps.Count} steps were taken");
        foreach (var (expected, actual) in alone.Steps.Zip(steps))
            Assert.Equal(expected.Loss, actual.Loss, Tolerance * expected.Loss);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Muon)]
    [InlineData(OptimizerKind.Spectron)]
    [InlineData(OptimizerKind.GaLore)]
    public void A_checkpoint_is_the_same_files_whatever_the_ranks_and_what_they_share(OptimizerKind optimizer)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("BalancedForm");
        foreach (var (world, sharding) in new[] { (1, Sharding.None), (2, Sharding.None), (3, Sharding.Optimizer) })
        {
            var options = Options(optimizer, folder.Under($"{world}")) with { Steps = 3, Sharding = sharding };
            ThreadRanks.Run(
                world,
                group => new Trainer(entry, Variant.Guided, data, options, new StepLog()) { Group = world > 1 ? group : null }.Run(default)
            );
        }

        foreach (var file in new[] { Checkpoint.ModelFile, Checkpoint.OptimizerFile })
        {
            var expected = Read(folder.Under("1"), file);
            foreach (var world in new[] { 2, 3 })
            {
                var actual = Read(folder.Under($"{world}"), file);
                Assert.Equal(expected.Keys, actual.Keys);
                foreach (var (name, tensor) in expected)
                {
                    Assert.Equal(tensor.shape, actual[name].shape);
                    var (was, now) = (tensor.data<float>().ToArray(), actual[name].data<float>().ToArray());
                    var difference = was.Zip(now).Max(pair => Math.Abs(pair.First - pair.Second));
                    Assert.True(difference <= 1e-3f * was.Max(Math.Abs) + 1e-9f, $"{name} of {world} ranks differs by {difference}");
                }
            }
        }

        static SortedDictionary<string, Tensor> Read(string run, string file)
        {
            var path = Path.Combine(Checkpoint.Open(run, _ => { }).Folder, file);
            var read = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var (name, entry) in SafeTensorsFile.ReadHeader(path))
                read.Add(name, SafeTensorsFile.Read(path, entry));
            return read;
        }
    }

    [Fact]
    public void A_run_of_several_ranks_goes_on_bit_for_bit()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("BalancedForm");
        foreach (var sharding in Enum.GetValues<Sharding>())
        {
            var options = Options(OptimizerKind.AdamW, folder.Under($"{sharding}")) with { Sharding = sharding };
            var whole = Run(options with { Output = null }, 12);
            var steps = Run(options, 5).Concat(Run(options with { Resume = true }, 12));
            Assert.Equal(whole, steps);
        }

        List<(long, double, double)> Run(TrainingOptions options, int last)
        {
            using var stop = new CancellationTokenSource();
            var log = new StepLog { At = last - 1, Then = stop.Cancel };
            ThreadRanks.Run(3, group => new Trainer(entry, Variant.Guided, data, options, log) { Group = group }.Run(stop.Token));
            return log.Steps;
        }
    }

    [Fact]
    public void One_process_loads_no_MPI()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        new Trainer(SmallRuns.Find("SmallDeclared"), Variant.LowRank, data, Options(OptimizerKind.AdamW), new StepLog()).Run(default);
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var modules = process.Modules.Cast<System.Diagnostics.ProcessModule>().Select(module => module.ModuleName).ToList();
        Assert.Contains(modules, name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(
            modules,
            name => name.StartsWith("libmpi", StringComparison.Ordinal) || name.StartsWith("libnccl", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Ranks_that_were_started_for_different_runs_say_so()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var entry = SmallRuns.Find("SmallDeclared");
        var failure = Assert.Throws<AggregateException>(() =>
            ThreadRanks.Run(
                3,
                group =>
                    new Trainer(entry, Variant.Dense, data, Options(OptimizerKind.AdamW) with { Seed = group.Rank / 2 }, new StepLog())
                    {
                        Group = group,
                    }.Run(default)
            )
        );
        Assert.Equal(3, failure.InnerExceptions.Count);
        Assert.All(
            failure.InnerExceptions,
            inner =>
                Assert.Equal(
                    "Rank 2 has other options than rank 0; start all ranks with the same command line, text and folder.",
                    Assert.IsType<InputException>(inner).Message
                )
        );
    }

    [Fact]
    public void More_ranks_than_sequences_are_refused()
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var refusal = Assert.Throws<AggregateException>(() =>
            ThreadRanks.Run(
                5,
                group =>
                    new Trainer(SmallRuns.Find("SmallDeclared"), Variant.Dense, data, SmallRuns.Options(null), new StepLog())
                    {
                        Group = group,
                    }.Run(default)
            )
        );
        Assert.Contains(
            "SequencesPerStep 4 is less than the 5 processes that share the sequences of a step",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    private static void AssertAsAlone(ModelEntry entry, Variant variant, TokenDataset data, TrainingOptions options, int world)
    {
        var alone = new StepLog();
        var whole = new Trainer(entry, variant, data, options, alone).Run(default);
        var logs = Enumerable.Range(0, world).Select(_ => new StepLog()).ToArray();
        var results = ThreadRanks.Run(
            world,
            group => new Trainer(entry, variant, data, options, logs[group.Rank]) { Group = group }.Run(default)
        );
        Assert.Equal(options.Steps, logs[0].Steps.Count);
        var difference = Difference(alone, logs[0]);
        // Early steps can blow rounding up: then by no more than in one process whose micro-batches are others.
        if (difference > Tolerance)
        {
            var rounded = new StepLog();
            new Trainer(entry, variant, data, options with { SequencesPerMicroBatch = 1 }, rounded).Run(default);
            Assert.InRange(difference, 0, MostOfRounding * Difference(alone, rounded));
        }

        Assert.Equal(alone.Densified, logs[0].Densified);
        Assert.All(results, result => Assert.Equal(results[0].ValidationLoss, result.ValidationLoss));
        Assert.Equal(whole.TrainingFlops, results[0].TrainingFlops);
        Assert.All(logs.Skip(1), log => Assert.Empty(log.Steps));
    }

    private static double Difference(StepLog expected, StepLog actual)
    {
        Assert.Equal(expected.Evaluations.Select(point => point.Step), actual.Evaluations.Select(point => point.Step));
        return Math.Max(
            expected.Steps.Zip(actual.Steps).Max(pair => Math.Abs(pair.First.Loss - pair.Second.Loss) / pair.First.Loss),
            expected.Evaluations.Zip(actual.Evaluations).Max(pair => Math.Abs(pair.First.Loss - pair.Second.Loss) / pair.First.Loss)
        );
    }

    private static TrainingOptions Options(OptimizerKind optimizer, string? output = null) =>
        (SmallRuns.Options(output) with { GaLoreRank = 3, GaLoreGap = 5 }).WithOptimizer(optimizer) with
        {
            LearningRate = 1e-3,
        };

    private sealed class HalfCounted : IExampleSource
    {
        public string Description => "drawn examples";

        public string Identity => "drawn";

        public IEnumerable<TokenizedExample> ReadExamples(CancellationToken cancellation = default)
        {
            var random = new Random(4);
            for (var example = 0; example < 80; example++)
            {
                var length = random.Next(4, 20);
                yield return new(
                    [.. Enumerable.Range(0, length).Select(_ => random.Next(300))],
                    [.. Enumerable.Range(0, length).Select(token => token >= length / 2)]
                );
            }
        }
    }
}
