using LowRank.Benchmarks.Measuring;

namespace LowRank.Benchmarks.Commands;

/// <summary>One thing that can be measured.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">The heading of its table.</param>
/// <param name="Rounds">Rounds if none are asked for.</param>
/// <param name="Parts">Parts that can be measured alone.</param>
/// <param name="Run">Measures what the command line asks for.</param>
internal sealed record Command(string Name, string Title, int Rounds, string[] Parts, Func<Arguments, IReadOnlyList<Figure>> Run)
{
    private Command(string name, string title, int rounds, string[] parts, Func<int, string?, IReadOnlyList<Figure>> run)
        : this(name, title, rounds, parts, arguments => run(arguments.Rounds, arguments.Part)) { }

    /// <summary>Whether it takes <c>--device</c> and <c>--quick</c>.</summary>
    public bool TakesDevice { get; private init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new("layer", "One layer", 5, ["fp32", "bf16"], LayerBenchmark.Run),
        new("step", "Training step", 9, ["fp32", "bf16", "peers", "products", "experts", "memory"], StepBenchmark.Run),
        new("decode", "Decoding", 9, ["peers", "ranks", "latents"], DecodeBenchmark.Run),
        new("optimizer", "Optimizer", 15, [], (rounds, _) => OptimizerBenchmark.Run(rounds)),
        new("optimizers", "Other optimizers", 7, ["steps", "projection"], OptimizersBenchmark.Run),
        new("ranks", "Several ranks", 3, ["steps", "memory"], RanksBenchmark.Run),
        new("growth", "Growth", 7, [], (rounds, _) => GrowthBenchmark.Run(rounds)),
        new("gpu", "Training step on a GPU", 9, GpuBenchmark.Parts, GpuBenchmark.Run) { TakesDevice = true },
        new("kernels", "Memory-bound operations", 5, [], KernelBenchmark.Run) { TakesDevice = true },
        new("memory", "Memory over a run", 3, [], (rounds, _) => MemoryBenchmark.Run(rounds)),
        new("soak", "Every command in turn in one process", 30, [], (rounds, _) => SoakBenchmark.Run(rounds)),
    ];
}
