using System.Diagnostics;
using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// A step of every other optimizer beside AdamW's on the same model, and the two ways to a projection: the eigenvectors of a Gram matrix
/// in double precision, and a singular value decomposition in single precision.
/// </summary>
internal static class OptimizersBenchmark
{
    private const double LearningRate = 1e-3;
    private const int Rank = 128;
    private static readonly AdamWOptions Constants = new(0.9, 0.95, 1e-8, 0.1, ClipNorm: 1);

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved steps.</param>
    /// <param name="part"><c>steps</c> or <c>projection</c>; null for both.</param>
    public static IReadOnlyList<Figure> Run(int rounds, string? part) =>
        [.. part is null or "steps" ? Steps(rounds) : [], .. part is null or "projection" ? Projection(rounds) : []];

    private static List<Figure> Steps(int rounds)
    {
        // A projection is found outside of the timed steps: it is needed once in 200.
        var galore = new GaLoreOptions(Rank, int.MaxValue, 0.25, 0.9, 0.999, 1e-6, 0);
        (string Name, LanguageModel Model, Func<FlatParameters, Optimizer> Create)[] contenders =
        [
            (
                "AdamW, dense",
                new QuarterWidth.Dense(new ModelOptions()),
                parameters => new LowRank.Training.Optimization.AdamW(parameters, Constants)
            ),
            (
                "Muon, dense",
                new QuarterWidth.Dense(new ModelOptions()),
                parameters => new Muon(parameters, Muon.DefaultMomentum, Constants)
            ),
            (
                "GaLore of rank 128, dense",
                new QuarterWidth.Dense(new ModelOptions()),
                parameters => new GaLore(parameters, galore, Constants)
            ),
            (
                "AdamW, factors",
                new QuarterWidth(new ModelOptions { Guided = false }),
                parameters => new LowRank.Training.Optimization.AdamW(parameters, Constants)
            ),
            (
                "Spectron, factors",
                new QuarterWidth(new ModelOptions { Guided = false }),
                parameters => new Spectron(
                    parameters,
                    new SpectronOptions(Spectron.DefaultMomentum, 10, 0.1),
                    Muon.DefaultMomentum,
                    Constants
                )
            ),
        ];
        var flats = contenders.Select(contender => new FlatParameters(contender.Model)).ToList();
        var optimizers = contenders.Zip(flats, (contender, flat) => contender.Create(flat)).ToList();
        var seconds = Interleaved.RunSelfTimed(rounds, [.. optimizers.Select(optimizer => (Func<double>)(() => Step(optimizer)))]);
        var figures = new List<Figure>();
        for (var index = 0; index < contenders.Length; index++)
        {
            figures.Add(Figure.Of($"{contenders[index].Name}: milliseconds of a step", seconds[index].Select(time => 1e3 * time)));
            figures.Add(
                Figure.Of(
                    $"{contenders[index].Name}: state / parameters",
                    [optimizers[index].StateBytes / (double)flats[index].Buffers.Sum(buffer => buffer.Length * buffer.Values.ElementSize)]
                )
            );
        }

        foreach (var flat in flats)
            flat.Dispose();
        foreach (var contender in contenders)
            contender.Model.Dispose();
        return figures;
    }

    private static double Step(Optimizer optimizer)
    {
        foreach (var buffer in optimizer.Parameters.Buffers)
            buffer.Gradients.normal_(0, 0.01);
        var start = Stopwatch.GetTimestamp();
        optimizer.Step(LearningRate);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static List<Figure> Projection(int rounds)
    {
        var figures = new List<Figure>();
        foreach (var (rows, columns) in new[] { (512L, 512L), (1536L, 512L), (768L, 3072L) })
        {
            using var gradient = randn(rows, columns);
            using var projection = zeros(rows >= columns ? [Rank, columns] : [rows, Rank]);
            var seconds = Interleaved.Run(
                rounds,
                () => GradientSubspace.Find(gradient, projection),
                () =>
                {
                    using var scope = NewDisposeScope();
                    _ = linalg.svd(gradient, fullMatrices: false);
                }
            );
            figures.Add(
                Figure.Of(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"projection of {rows} × {columns}, Gram and eigenvectors in double / singular value decomposition"
                    ),
                    Interleaved.Ratio(seconds[0], seconds[1])
                )
            );
            figures.Add(
                Figure.Of(
                    string.Create(CultureInfo.InvariantCulture, $"milliseconds of a projection of {rows} × {columns}"),
                    seconds[0].Select(time => 1e3 * time)
                )
            );
        }

        return figures;
    }
}
