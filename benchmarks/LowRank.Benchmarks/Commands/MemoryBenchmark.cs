using System.Text.Json;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using TorchSharp;

namespace LowRank.Benchmarks.Commands;

/// <summary>Whether memory stays where it is while training goes on, and whether anything waits for the garbage collector.</summary>
internal static class MemoryBenchmark
{
    private const int Early = 100;
    private const int Steps = 2_000;
    private const int UncollectedSteps = 20;
    private const long UncollectedBytes = 64 << 20;

    /// <summary>Measures.</summary>
    /// <param name="rounds">Number of processes of each kind.</param>
    public static IReadOnlyList<Figure> Run(int rounds)
    {
        var figures = new List<Figure>();
        foreach (var kind in new[] { "factored", "guided" })
        {
            var runs = Enumerable
                .Range(0, rounds)
                .Select(_ => JsonSerializer.Deserialize<Run2000>(OwnProcess.Run("memory-run", kind))!)
                .ToList();
            var title = kind == "guided" ? "guide released at step 1,000" : kind;
            Add("resident memory at step 2,000 / at step 100", run => run.Resident / run.ResidentEarly, 1.02);
            Add("managed heap at step 2,000 / at step 100", run => run.Heap / run.HeapEarly, 1.02);
            Add("tensors alive at step 2,000 / at step 100", run => run.Tensors / run.TensorsEarly, 1);
            Add("tensors at step 100, number", run => run.TensorsEarly);
            Add("tensors left to finalizers per step, number", run => run.Finalized, 0);

            void Add(string name, Func<Run2000, double> value, double? bar = null) =>
                figures.Add(Figure.Of($"{title}: {name}", runs.Select(value), bar));
        }

        return figures;
    }

    /// <summary>One run; prints what it measured.</summary>
    /// <param name="kind"><c>guided</c> or <c>factored</c>.</param>
    public static void PrintRun(string kind)
    {
        var model = new MemoryModel(new ModelOptions { Guided = kind == "guided" });
        using var training = new GeneratedTraining(model, new StepSetting(512, 64, Sequences: 4, MicroBatches: 2));
        var run = new Run2000();
        for (var step = 0; step < Steps; step++)
        {
            training.Step(step, Steps);
            if (step + 1 != Early)
                continue;
            // Resident memory first, since the others collect.
            run = run with
            {
                ResidentEarly = PeakMemory.Now(Environment.ProcessId),
            };
            run = run with { TensorsEarly = TensorsAfterCollection(), HeapEarly = GC.GetTotalMemory(forceFullCollection: true) };
        }

        run = run with { Resident = PeakMemory.Now(Environment.ProcessId) };
        run = run with { Tensors = TensorsAfterCollection(), Heap = GC.GetTotalMemory(forceFullCollection: true) };
        Console.WriteLine(JsonSerializer.Serialize(run with { Finalized = LeftToFinalizersPerStep(training) }));
    }

    // While nothing is collected no finalizer runs: what the collection afterwards frees, nobody had disposed.
    private static double LeftToFinalizersPerStep(GeneratedTraining training)
    {
        if (!GC.TryStartNoGCRegion(UncollectedBytes))
            throw new InvalidOperationException("The collector can't be kept from running.");
        for (var step = 0; step < UncollectedSteps; step++)
            training.Step(Steps - 1, Steps);
        var before = torch.Tensor.TotalCount;
        GC.EndNoGCRegion();
        return (double)(before - TensorsAfterCollection()) / UncollectedSteps;
    }

    private static long TensorsAfterCollection()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }

    private sealed record Run2000
    {
        public double ResidentEarly { get; init; }

        public double Resident { get; init; }

        public double HeapEarly { get; init; }

        public double Heap { get; init; }

        public double TensorsEarly { get; init; }

        public double Tensors { get; init; }

        public double Finalized { get; init; }
    }
}
