using System.Globalization;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Models;
using LowRank.Blocks;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Commands;

/// <summary>New tokens of latent attention behind a cache: absorbed, expanded, and as the rule says.</summary>
internal static class LatentDecoding
{
    private static readonly (int Batch, int Added, int Earlier)[] Cases =
    [
        (1, 1, 16),
        (1, 1, 1_024),
        (1, 4, 256),
        (1, 16, 256),
        (1, 16, 1_024),
        (1, 64, 1_024),
        (1, 256, 1_024),
        (8, 1, 256),
        (8, 16, 256),
    ];

    /// <summary>Measures one layer.</summary>
    /// <param name="rounds">Rounds of interleaved calls.</param>
    public static IEnumerable<Figure> Run(int rounds)
    {
        foreach (var model in new LanguageModel[] { new LiteLatents(new ModelOptions()), new SmallLatents(new ModelOptions()) })
        {
            using var owned = model;
            using var noGradient = no_grad();
            var attention = model.modules().OfType<LatentAttention>().Single();
            foreach (var (batch, added, earlier) in Cases)
            {
                using var generator = new TorchSharp.torch.Generator(5);
                using var before = randn([batch, earlier, model.HeadWeight.shape[1]], generator: generator);
                using var x = randn([batch, added, model.HeadWeight.shape[1]], generator: generator);
                using var cache = new KeyValueCache(batch, earlier + added);
                attention.forward(before, cache).Dispose();
                cache.Advance(earlier);
                // The cache is not advanced, so that every call reads the same tokens behind the same others.
                var calls = Math.Max(1, 16 / (batch * added));
                Action Reading(bool? absorbs) =>
                    () =>
                    {
                        attention.Absorbs = absorbs;
                        for (var call = 0; call < calls; call++)
                            attention.forward(x, cache).Dispose();
                    };
                var seconds = Interleaved.Run(rounds, Reading(true), Reading(false), Reading(null));
                var title = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{model.GetType().Name}, {batch} × {added} tokens behind {earlier}: time"
                );
                yield return Figure.Of($"{title} absorbed / expanded", Interleaved.Ratio(seconds[0], seconds[1]));
                var faster = Middle(seconds[0]) <= Middle(seconds[1]) ? seconds[0] : seconds[1];
                yield return Figure.Of($"{title} by rule / faster form", Interleaved.Ratio(seconds[2], faster), 1.1);
            }
        }
    }

    private static double Middle(double[] seconds) => seconds.Order().ElementAt(seconds.Length / 2);
}
