using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using LowRank.Training;
using LowRank.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>
/// Whole training steps on a GPU, products in bfloat16: generated models against each other, hand-written TorchSharp and PyTorch.
/// </summary>
internal static class GpuBenchmark
{
    // As far as losses of products in bfloat16 agree.
    private const double Brain = 1e-2;

    // Two micro-batches of 16,384 tokens.
    private static readonly StepSetting Setting = new(8_192, 1_024, 16, 2);
    private static readonly object DenseModel = new
    {
        vocabulary = 8_192,
        context = 1_024,
        width = 1_024,
        depth = 8,
        heads = 16,
        hidden = 3_072,
        rank = 0,
    };

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved steps.</param>
    /// <param name="part"><c>dense</c> or <c>peers</c>; null for both.</param>
    /// <exception cref="InputException">There is no GPU, or the build has no CUDA.</exception>
    public static IReadOnlyList<Figure> Run(int rounds, string? part)
    {
        _ = Devices.Parse("cuda");
        var figures = new List<Figure>();
        if (part is null or "dense")
            figures.AddRange(AgainstDense(rounds));
        if (part is null or "peers")
            figures.AddRange(AgainstPeers(rounds));
        return figures;
    }

    private static IEnumerable<Figure> AgainstDense(int rounds)
    {
        var options = new ModelOptions { Device = CUDA, ComputeType = ScalarType.BFloat16 };
        var unguided = options with { Guided = false };
        using var dense = new GeneratedTraining(new QuarterOfThousand.Dense(options), Setting);
        using var quarterGuided = new GeneratedTraining(new QuarterOfThousand(options), Setting);
        using var quarter = new GeneratedTraining(new QuarterOfThousand(unguided), Setting);
        using var halfGuided = new GeneratedTraining(new HalfOfThousand(options), Setting);
        using var half = new GeneratedTraining(new HalfOfThousand(unguided), Setting);
        var seconds = Interleaved.Run(
            rounds,
            () => dense.Step(),
            () => quarterGuided.Step(),
            () => quarter.Step(),
            () => halfGuided.Step(),
            () => half.Step()
        );
        yield return Figure.Of(
            "GPU: guided step / dense step, rank width/4 in every layer",
            Interleaved.Ratio(seconds[1], seconds[0]),
            1.03
        );
        yield return Figure.Of(
            "GPU: guided step / dense step, rank width/2 in the feed-forward layers",
            Interleaved.Ratio(seconds[3], seconds[0]),
            1.03
        );
        var full = dense.Model.LiveForwardFlopsPerToken(Setting.Context);
        foreach (
            var (name, training, index) in new[] { ("width/4 in every layer", quarter, 2), ("width/2 in the feed-forward layers", half, 4) }
        )
        {
            var flops = (double)training.Model.LiveForwardFlopsPerToken(Setting.Context) / full;
            yield return Figure.Of($"GPU: FLOPs of a step / a dense step's, factored, rank {name}", [flops]);
            yield return Figure.Of(
                $"GPU: time saved / FLOPs saved, factored, rank {name} (at least)",
                Interleaved.Ratio(seconds[index], seconds[0]).Select(ratio => (1 - ratio) / (1 - flops)),
                0.95
            );
        }

        yield return Figure.Of($"GPU: seconds of a dense step of {Setting.Tokens} tokens", seconds[0]);
        yield return Figure.Of("GPU: TFLOP/s of a dense step", seconds[0].Select(time => 3e-12 * full * Setting.Tokens / time));
    }

    /// <summary>The same weights, the same tokens, the same losses as far as bfloat16 goes; time over the peer's.</summary>
    private static IEnumerable<Figure> AgainstPeers(int rounds)
    {
        using var mixed = new GeneratedTraining(
            new QuarterOfThousand.Dense(new ModelOptions { Device = CUDA, ComputeType = ScalarType.BFloat16 }),
            Setting
        );
        using var single = new GeneratedTraining(new QuarterOfThousand.Dense(new ModelOptions { Device = CUDA }), Setting);
        var weights = PeerWeights.Of(mixed.Model);
        var transformer = new HandWrittenTransformer(8_192, 1_024, 1_024, 8, 16, 3_072, HandWrittenForm.Dense, 0);
        PeerWeights.Load(transformer, weights);
        using var written = new HandWrittenTraining(transformer, Setting, CUDA);
        using var eager = PyTorchPeer.Start(DenseModel, weights, Setting, "cuda");
        using var compiled = PyTorchPeer.Start(DenseModel, weights, Setting, "cuda", compile: true);
        for (var step = 0; step < 3; step++)
        {
            var loss = single.Step();
            PeerLoss.MustAgree("its own in bfloat16", step, loss, mixed.Step(), Brain);
            PeerLoss.MustAgree("hand-written TorchSharp", step, loss, written.Step(), Brain);
            PeerLoss.MustAgree("PyTorch", step, loss, eager?.Step().Loss, Brain);
            PeerLoss.MustAgree("compiled PyTorch", step, loss, compiled?.Step().Loss, Brain);
        }

        var contenders = new List<Func<double>>
        {
            Interleaved.Timed(mixed.Step),
            Interleaved.Timed(single.Step),
            Interleaved.Timed(written.Step),
        };
        if (eager is not null && compiled is not null)
            contenders.AddRange([() => eager.Step().Seconds, () => compiled.Step().Seconds]);
        var seconds = Interleaved.RunSelfTimed(rounds, [.. contenders]);
        yield return Figure.Of("GPU: dense step bf16 / hand-written TorchSharp fp32", Interleaved.Ratio(seconds[0], seconds[2]));
        yield return Figure.Of("GPU: dense step fp32 / hand-written TorchSharp fp32", Interleaved.Ratio(seconds[1], seconds[2]));
        if (contenders.Count == 3)
            yield break;
        yield return Figure.Of(
            $"GPU: dense step bf16 / PyTorch {eager!.Version} eager, autocast to bf16",
            Interleaved.Ratio(seconds[0], seconds[3])
        );
        yield return Figure.Of(
            $"GPU: dense step bf16 / PyTorch {eager.Version} compiled, autocast to bf16",
            Interleaved.Ratio(seconds[0], seconds[4])
        );
    }
}
