using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>Whole training steps: generated models against each other and against the same model written by hand.</summary>
internal static class StepBenchmark
{
    // Four micro-batches of 2,048 tokens.
    private static readonly StepSetting Setting = new(8_192, 256, 8, 4);
    private static readonly object DenseModel = new
    {
        vocabulary = 8_192,
        context = 256,
        width = 512,
        depth = 6,
        heads = 8,
        hidden = 1_536,
        rank = 0,
    };

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved steps.</param>
    /// <param name="part">
    /// <c>fp32</c>, <c>bf16</c>, <c>peers</c>, <c>products</c>, <c>experts</c> or <c>memory</c>; null for all of them.
    /// </param>
    public static IReadOnlyList<Figure> Run(int rounds, string? part)
    {
        var figures = new List<Figure>();
        if (part is null or "fp32")
            figures.AddRange(AgainstDense(rounds, ScalarType.Float32));
        if (part is null or "bf16")
            figures.AddRange(AgainstDense(rounds, ScalarType.BFloat16));
        if (part is null or "peers")
            figures.AddRange(AgainstPeers(rounds));
        if (part is null or "products")
        {
            figures.AddRange(ProductShare.Of(rounds, ScalarType.Float32, Setting));
            figures.AddRange(ProductShare.Of(rounds, ScalarType.BFloat16, Setting));
        }

        if (part is null or "experts")
        {
            figures.AddRange(MixtureAgainstDense(rounds, ScalarType.Float32));
            figures.AddRange(MixtureAgainstDense(rounds, ScalarType.BFloat16));
        }

        if (part is null or "memory")
            figures.AddRange(Memory());
        return figures;
    }

    /// <summary>Time of the guided and the factored step over that of the dense one, beside the ratio of their FLOPs.</summary>
    private static IEnumerable<Figure> AgainstDense(int rounds, ScalarType precision)
    {
        var options = new ModelOptions { ComputeType = precision };
        var unguided = options with { Guided = false };
        var type = precision == ScalarType.Float32 ? "fp32" : "bf16";
        using var dense = new GeneratedTraining(new QuarterWidth.Dense(options), Setting);
        using var quarterGuided = new GeneratedTraining(new QuarterWidth(options), Setting);
        using var quarter = new GeneratedTraining(new QuarterWidth(unguided), Setting);
        using var halfGuided = new GeneratedTraining(new HalfWidth(options), Setting);
        using var half = new GeneratedTraining(new HalfWidth(unguided), Setting);
        using var sixteenth = new GeneratedTraining(new SixteenthWidth(unguided), Setting);
        var seconds = Interleaved.Run(
            rounds,
            () => dense.Step(),
            () => quarterGuided.Step(),
            () => quarter.Step(),
            () => halfGuided.Step(),
            () => half.Step(),
            () => sixteenth.Step()
        );
        yield return Figure.Of(
            $"{type}: guided step / dense step, rank width/4 in every layer",
            Interleaved.Ratio(seconds[1], seconds[0]),
            1.03
        );
        yield return Figure.Of(
            $"{type}: guided step / dense step, rank width/2 in the feed-forward layers",
            Interleaved.Ratio(seconds[3], seconds[0]),
            1.03
        );
        foreach (
            var (name, training, index) in new[] { ("width/4 in every layer", quarter, 2), ("width/2 in the feed-forward layers", half, 4) }
        )
        {
            var flops = FlopRatio(training, dense);
            yield return Figure.Of(
                $"{type}: time saved / FLOPs saved, factored, rank {name} (at least)",
                Interleaved.Ratio(seconds[index], seconds[0]).Select(ratio => (1 - ratio) / (1 - flops)),
                0.95
            );
        }

        var thin = FlopRatio(sixteenth, dense);
        yield return Figure.Of(
            $"{type}: time ratio / FLOP ratio, factored, rank width/16 in every layer",
            Interleaved.Ratio(seconds[5], seconds[0]).Select(ratio => ratio / thin),
            1.25
        );
        yield return Figure.Of($"{type}: seconds of a dense step of {Setting.Tokens} tokens", seconds[0]);
        yield return Figure.Of(
            $"{type}: GFLOP/s of a dense step",
            seconds[0].Select(time => 3e-9 * dense.Model.LiveForwardFlopsPerToken(Setting.Context) * Setting.Tokens / time)
        );
    }

    /// <summary>
    /// Mixtures of experts whose active layers are as large as the dense model's hidden layer: few large experts and many small ones. The
    /// update of all experts' weights is in their steps, and so is the router.
    /// </summary>
    private static IEnumerable<Figure> MixtureAgainstDense(int rounds, ScalarType precision)
    {
        var options = new ModelOptions { ComputeType = precision };
        var type = precision == ScalarType.Float32 ? "fp32" : "bf16";
        using var dense = new GeneratedTraining(new QuarterWidth.Dense(options), Setting);
        using var few = new GeneratedTraining(new FewExperts(options), Setting);
        using var many = new GeneratedTraining(new ManyExperts(options), Setting);
        var seconds = Interleaved.Run(rounds, () => dense.Step(), () => few.Step(), () => many.Step());
        yield return Figure.Of(
            $"{type}: step of 2 of 8 experts / dense step of equal active FLOPs",
            Interleaved.Ratio(seconds[1], seconds[0]),
            1.20
        );
        yield return Figure.Of(
            $"{type}: step of 6 of 24 experts / dense step of equal active FLOPs",
            Interleaved.Ratio(seconds[2], seconds[0]),
            1.35
        );
    }

    /// <summary>The same weights, the same tokens, the same losses; time over the peer's.</summary>
    private static IEnumerable<Figure> AgainstPeers(int rounds)
    {
        using var generated = new GeneratedTraining(new QuarterWidth.Dense(new ModelOptions()), Setting);
        using var mixed = new GeneratedTraining(new QuarterWidth.Dense(new ModelOptions { ComputeType = ScalarType.BFloat16 }), Setting);
        var weights = PeerWeights.Of(generated.Model);
        using var written = HandWritten(HandWrittenForm.Dense, weights);
        using var branches = new HandWrittenTraining(
            new HandWrittenTransformer(8_192, 256, 512, 6, 8, 1_536, HandWrittenForm.TwoBranches, 128),
            Setting
        );
        using var unaided = new UnaidedPeer();
        using var python = PyTorchPeer.Start(DenseModel, weights, Setting);

        for (var step = 0; step < 3; step++)
        {
            var loss = generated.Step();
            PeerLoss.MustAgree("hand-written TorchSharp", step, loss, written.Step(), 2e-4);
            if (python is not null)
                PeerLoss.MustAgree("PyTorch", step, loss, python.Step().Loss, 2e-4);
        }

        var contenders = new List<Func<double>>
        {
            Interleaved.Timed(generated.Step),
            Interleaved.Timed(mixed.Step),
            Interleaved.Timed(written.Step),
            Interleaved.Timed(branches.Step),
            unaided.Step,
        };
        if (python is not null)
            contenders.Add(() => python.Step().Seconds);
        var seconds = Interleaved.RunSelfTimed(rounds, [.. contenders]);
        yield return Figure.Of("dense step fp32 / hand-written TorchSharp", Interleaved.Ratio(seconds[0], seconds[2]), 0.80);
        yield return Figure.Of("dense step bf16 / hand-written TorchSharp fp32", Interleaved.Ratio(seconds[1], seconds[2]), 0.40);
        yield return Figure.Of("hand-written two branches, rank width/4 / hand-written dense", Interleaved.Ratio(seconds[3], seconds[2]));
        yield return Figure.Of("dense step fp32 / hand-written TorchSharp with MKL as it is", Interleaved.Ratio(seconds[0], seconds[4]));
        yield return Figure.Of(
            "dense step bf16 / hand-written TorchSharp fp32 with MKL as it is",
            Interleaved.Ratio(seconds[1], seconds[4])
        );
        if (python is not null)
            yield return Figure.Of($"dense step fp32 / PyTorch {python.Version} eager", Interleaved.Ratio(seconds[0], seconds[5]), 0.85);
    }

    private static IEnumerable<Figure> Memory()
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        var written = MeasuredInAProcessOfItsOwn("handwritten");
        foreach (var contender in new[] { "fp32", "bf16" })
        {
            yield return Figure.Of(
                $"peak memory of a dense step {contender} / hand-written TorchSharp fp32",
                [MeasuredInAProcessOfItsOwn(contender) / written],
                0.50
            );
        }
    }

    /// <summary>Takes the hand-written model's steps for another process.</summary>
    public static void ServeUnaided()
    {
        using var written = new HandWrittenTraining(
            new HandWrittenTransformer(8_192, 256, 512, 6, 8, 1_536, HandWrittenForm.Dense, 128),
            Setting
        );
        UnaidedPeer.Serve(written);
    }

    /// <summary>Three steps of one contender; prints the bytes by which the process has grown.</summary>
    public static void PrintMemory(string contender)
    {
        using (var warm = new GeneratedTraining(new QuarterWidth.Dense(new ModelOptions()), new StepSetting(8_192, 8, 1, 1)))
            warm.Step();
        var before = PeakMemory.Now(Environment.ProcessId);
        if (contender == "handwritten")
        {
            using var model = new HandWrittenTraining(
                new HandWrittenTransformer(8_192, 256, 512, 6, 8, 1_536, HandWrittenForm.Dense, 0),
                Setting
            );
            for (var step = 0; step < 3; step++)
                model.Step();
        }
        else
        {
            var type = contender == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
            using var model = new GeneratedTraining(new QuarterWidth.Dense(new ModelOptions { ComputeType = type }), Setting);
            for (var step = 0; step < 3; step++)
                model.Step();
        }

        Console.WriteLine((PeakMemory.Of(Environment.ProcessId) - before).ToString(CultureInfo.InvariantCulture));
    }

    private static double MeasuredInAProcessOfItsOwn(string contender) =>
        double.Parse(OwnProcess.Run("step-memory", contender).Trim(), CultureInfo.InvariantCulture);

    private static HandWrittenTraining HandWritten(HandWrittenForm form, Dictionary<string, Tensor> weights)
    {
        var model = new HandWrittenTransformer(8_192, 256, 512, 6, 8, 1_536, form, 128);
        PeerWeights.Load(model, weights);
        return new HandWrittenTraining(model, Setting);
    }

    private static double FlopRatio(GeneratedTraining training, GeneratedTraining dense)
    {
        training.Step();
        return (double)training.Model.LiveForwardFlopsPerToken(Setting.Context) / dense.Model.LiveForwardFlopsPerToken(Setting.Context);
    }
}
