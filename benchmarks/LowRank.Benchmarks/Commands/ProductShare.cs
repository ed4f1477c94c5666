using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// How much of a step is matrix products, which a rank makes smaller, and how much is not: what limits the time that factors save.
/// </summary>
internal static class ProductShare
{
    /// <summary>Measures whole steps and their products alone, side by side.</summary>
    /// <param name="rounds">Rounds of interleaved steps.</param>
    /// <param name="precision">Type of the products.</param>
    /// <param name="setting">What a step reads.</param>
    public static IEnumerable<Figure> Of(int rounds, ScalarType precision, StepSetting setting)
    {
        var options = new ModelOptions { ComputeType = precision, Guided = false };
        var type = precision == ScalarType.Float32 ? "fp32" : "bf16";
        using var dense = new GeneratedTraining(new QuarterWidth.Dense(options), setting);
        using var quarter = new GeneratedTraining(new QuarterWidth(options), setting);
        using var sixteenth = new GeneratedTraining(new SixteenthWidth(options), setting);
        GeneratedTraining[] steps = [dense, quarter, sixteenth];
        foreach (var step in steps)
            step.Step();
        var products = new long[] { 0, 128, 32 }
            .Zip(steps, (rank, step) => new StepProducts(rank, precision, setting, step.Model))
            .ToArray();
        var seconds = Interleaved.Run(
            rounds,
            () => dense.Step(),
            () => quarter.Step(),
            () => sixteenth.Step(),
            products[0].Step,
            products[1].Step,
            products[2].Step
        );

        yield return Figure.Of($"{type}: products alone / dense step", Interleaved.Ratio(seconds[3], seconds[0]));
        yield return Figure.Of(
            $"{type}: GFLOP/s of the dense step's products alone",
            seconds[3].Select(time => 3e-9 * products[0].ForwardFlopsPerToken * setting.Tokens / time)
        );
        foreach (var (rank, index) in new[] { ("width/4", 1), ("width/16", 2) })
        {
            var share = (double)products[index].ForwardFlopsPerToken / products[0].ForwardFlopsPerToken;
            var flops =
                (double)steps[index].Model.LiveForwardFlopsPerToken(setting.Context)
                / dense.Model.LiveForwardFlopsPerToken(setting.Context);
            yield return Figure.Of(
                $"{type}: time / FLOPs of the products alone, {rank} over dense",
                Interleaved.Ratio(seconds[3 + index], seconds[3]).Select(ratio => ratio / share)
            );
            yield return Figure.Of(
                $"{type}: seconds outside the products, {rank} over dense",
                seconds[index].Select((time, round) => (time - seconds[3 + index][round]) / (seconds[0][round] - seconds[3][round]))
            );
            // The rest as long as in the dense step, the products as fast per FLOP as the dense ones.
            var limits = seconds[0].Select((time, round) => 1 - seconds[3][round] * (1 - share) / time);
            yield return index == 1
                ? Figure.Of($"{type}: limit of time saved / FLOPs saved, {rank}", limits.Select(ratio => (1 - ratio) / (1 - flops)))
                : Figure.Of($"{type}: limit of time ratio / FLOP ratio, {rank}", limits.Select(ratio => ratio / flops));
        }
    }
}
