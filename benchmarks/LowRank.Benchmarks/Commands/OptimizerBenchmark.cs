using System.Diagnostics;
using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Layers;
using LowRank.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// Clip, update, clear the gradients: AdamW over flat buffers against TorchSharp's over its tensors, with the same parameters and the
/// same gradients. That both end at the same parameters is checked first.
/// </summary>
internal static class OptimizerBenchmark
{
    private const double LearningRate = 1e-3;
    private const double LargestDifference = 1e-5;

    // Far above the limit of 1, so that both clip.
    private const double GradientDeviation = 0.01;

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved steps.</param>
    public static IReadOnlyList<Figure> Run(int rounds)
    {
        using var model = new QuarterWidth.Dense(new ModelOptions());
        using var flat = new FlatParameters(model);
        var own = new LowRank.Training.Optimization.AdamW(flat, new AdamWOptions(0.9, 0.95, 1e-8, 0.1, ClipNorm: 1));
        var slices = flat.Lasting.SelectMany(buffer => buffer.Slices).ToList();
        var copies = slices
            .Select(slice =>
            {
                using var detached = slice.Parameter.detach();
                return new Parameter(detached.clone());
            })
            .ToList();
        using var theirs = optim.AdamW(copies, LearningRate, 0.9, 0.95, 1e-8, 0.1);
        var draws = slices.Select(slice => randn(slice.Parameter.shape).mul_(GradientDeviation)).ToList();
        foreach (var copy in copies)
        {
            using var gradient = zeros_like(copy);
            copy.grad = gradient;
        }

        double Own()
        {
            for (var index = 0; index < slices.Count; index++)
                Refill(slices[index].Parameter, draws[index]);
            var start = Stopwatch.GetTimestamp();
            own.Step(LearningRate);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        double Theirs()
        {
            for (var index = 0; index < copies.Count; index++)
                Refill(copies[index], draws[index]);
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            nn.utils.clip_grad_norm_(copies, 1);
            theirs.step();
            theirs.zero_grad();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        var count = slices.Sum(slice => slice.Count);
        using var floor = new MemoryFloor(count);
        for (var step = 0; step < 3; step++)
        {
            Own();
            Theirs();
        }

        MustAgree(slices, copies);
        var seconds = Interleaved.RunSelfTimed(rounds, Own, Theirs, floor.Pass);
        // Values and moments are read and written, gradients read twice and cleared.
        var bytes = 9.0 * sizeof(float) * count;
        return
        [
            Figure.Of(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"AdamW with clipping, {count / 1e6:0.0} M parameters in {slices.Count} tensors / TorchSharp's"
                ),
                Interleaved.Ratio(seconds[0], seconds[1]),
                0.10
            ),
            Figure.Of("milliseconds of a step over flat buffers", seconds[0].Select(time => 1e3 * time)),
            Figure.Of("GB/s of a step over flat buffers", seconds[0].Select(time => bytes / time / 1e9)),
            Figure.Of("step / reading and writing the same memory with next to no arithmetic", Interleaved.Ratio(seconds[0], seconds[2])),
            Figure.Of("reading and writing the same memory / TorchSharp's step", Interleaved.Ratio(seconds[2], seconds[1])),
        ];
    }

    private static void Refill(Tensor parameter, Tensor draw)
    {
        using var gradient = parameter.grad;
        gradient!.copy_(draw);
    }

    private static void MustAgree(List<FlatSlice> slices, List<Parameter> copies)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        for (var index = 0; index < copies.Count; index++)
        {
            var difference = (slices[index].Parameter - copies[index]).abs().max().item<float>();
            // Also where it is no number.
            if (!(difference <= LargestDifference))
                throw new InvalidOperationException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{slices[index].Name} differs by {difference} after 3 steps: not the same optimizer."
                    )
                );
        }
    }
}
