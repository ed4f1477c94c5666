using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Benchmarks.Peers;
using LowRank.Decoding;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>Greedy decoding over a key/value cache: a prompt of 32 tokens, 96 new ones.</summary>
internal static class DecodeBenchmark
{
    private const int Prompt = 32;
    private const int NewTokens = 96;
    private const double LargestDifference = 1e-4;
    private static readonly int[] Batches = [1, 8];

    /// <summary>Measures.</summary>
    /// <param name="rounds">Rounds of interleaved generations.</param>
    /// <param name="part"><c>peers</c>, <c>ranks</c> or <c>latents</c>; null for all.</param>
    public static IReadOnlyList<Figure> Run(int rounds, string? part)
    {
        var figures = new List<Figure>();
        if (part is null or "peers")
        {
            figures.AddRange(
                AgainstPeer(rounds, new SmallDecoder(), new HandWrittenTransformer(4_096, 256, 256, 6, 4, 768, HandWrittenForm.Dense, 0))
            );
            figures.AddRange(
                AgainstPeer(
                    rounds,
                    new QuarterWidth.Dense(),
                    new HandWrittenTransformer(8_192, 256, 512, 6, 8, 1_536, HandWrittenForm.Dense, 0)
                )
            );
        }

        if (part is null or "ranks")
        {
            var unguided = new ModelOptions { Guided = false };
            figures.AddRange(AgainstMerged(rounds, "width/8", new EighthWidth(unguided)));
            figures.AddRange(AgainstMerged(rounds, "width/4", new QuarterWidth(unguided)));
            figures.AddRange(AgainstMerged(rounds, "width/2", new HalfWidthEverywhere(unguided)));
        }

        if (part is null or "latents")
            figures.AddRange(LatentDecoding.Run(rounds));
        return figures;
    }

    private static IEnumerable<Figure> AgainstPeer(int rounds, LanguageModel model, HandWrittenTransformer written)
    {
        PeerWeights.Load(written, PeerWeights.Of(model));
        var width = model.HeadWeight.shape[1];
        using var own = new GeneratedDecoder(model);
        var theirs = new HandWrittenDecoder(written);
        foreach (var batch in Batches)
        {
            using var prompt = Draw(model, batch);
            MustAgree(own.Generate(prompt, NewTokens), theirs.Generate(prompt, NewTokens));
            var seconds = Interleaved.Run(
                rounds,
                () => own.Generate(prompt, NewTokens).Dispose(),
                () => theirs.Generate(prompt, NewTokens).Dispose()
            );
            yield return Figure.Of(
                $"width {width}, batch {batch}: tokens/s generated / hand-written (at least)",
                Interleaved.Ratio(seconds[1], seconds[0]),
                1.5
            );
            yield return Figure.Of(
                $"width {width}, batch {batch}: tokens/s generated",
                seconds[0].Select(time => batch * NewTokens / time)
            );
        }

        model.Dispose();
        written.Dispose();
    }

    // The same weights read as factors, as their product, and as the rule says: auto must never be slower than the better of both.
    private static IEnumerable<Figure> AgainstMerged(int rounds, string rank, LanguageModel model)
    {
        foreach (var batch in Batches)
        {
            using var prompt = Draw(model, batch);
            using var factored = new GeneratedDecoder(model, DecodingWeights.Factored);
            using var auto = new GeneratedDecoder(model, DecodingWeights.Auto, batch);
            using var merged = new GeneratedDecoder(model, DecodingWeights.Merged);
            MustAgree(factored.Generate(prompt, 1), merged.Generate(prompt, 1));
            var seconds = Interleaved.Run(
                rounds,
                () => factored.Generate(prompt, NewTokens).Dispose(),
                () => merged.Generate(prompt, NewTokens).Dispose(),
                () => auto.Generate(prompt, NewTokens).Dispose()
            );
            var title = string.Create(CultureInfo.InvariantCulture, $"width 512, batch {batch}, rank {rank}: time");
            yield return Figure.Of($"{title} factored / merged", Interleaved.Ratio(seconds[0], seconds[1]));
            yield return Figure.Of(
                string.Create(CultureInfo.InvariantCulture, $"{title} auto ({auto.MergedLayers} layers merged) / merged"),
                Interleaved.Ratio(seconds[2], seconds[1])
            );
        }

        model.Dispose();
    }

    private static Tensor Draw(LanguageModel model, int batch)
    {
        using var generator = new TorchSharp.torch.Generator(17);
        return randint(0, model.Vocabulary, [batch, Prompt], ScalarType.Int64, generator: generator);
    }

    // Logits of the last token: had one of the tokens before been another, they would be far apart.
    private static void MustAgree(Tensor own, Tensor theirs)
    {
        using (own)
        using (theirs)
        using (NewDisposeScope())
        {
            var difference = (own - theirs).abs().max().item<float>();
            if (!(difference <= LargestDifference))
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"The logits differ by {difference}: not the same model.")
                );
        }
    }
}
