using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Golden;

/// <summary>Published mixtures of experts, declared as users would: all parameters, and those that a token passes through.</summary>
public sealed class ExpertModelTests
{
    private const string Mixtral = """
        using LowRank;

        /// <summary>Mixtral-8x7B.</summary>
        [Transformer(vocabulary: 32_000, context: 4_096, width: 4_096, depth: 32, RotaryBase = 1_000_000)]
        public partial class Mixtral
        {
            [Attention(heads: 32, KeyValueHeads = 8)]
            public partial Sublayer Attention { get; }

            [FeedForward(hidden: 14_336, Gated = true)]
            [Experts(count: 8, active: 2, BalanceWeight = 0.04)]
            public partial Sublayer FeedForward { get; }
        }
        """;

    // Its attention is another one: the feed-forward layers alone are held against what is published.
    private const string DeepSeek = """
        using LowRank;

        /// <summary>The feed-forward layers of DeepSeek-V2-Lite.</summary>
        [Transformer(vocabulary: 102_400, context: 4_096, width: 2_048, depth: 27)]
        public partial class DeepSeek
        {
            [Attention(heads: 16)]
            public partial Sublayer Attention { get; }

            [FeedForward(hidden: 10_944, Gated = true, Layers = "..1")]
            public partial Sublayer First { get; }

            [FeedForward(hidden: 1_408, Gated = true, Layers = "1..")]
            [Experts(count: 64, active: 6, Shared = 2, NormalizeWeights = false, BalanceWeight = 0.001)]
            public partial Sublayer Mixture { get; }
        }
        """;

    // Per block: queries of 16 heads of 128 + 64, keys and values through 512 numbers and 64 rotated ones, the norm of the 512, the output.
    private const long LatentAttention = 2_048L * 16 * 192 + 2_048 * (512 + 64) + 512 + 512 * 16 * (128 + 128) + 16 * 128 * 2_048;

    [Fact]
    public void Mixtral_has_the_published_parameters()
    {
        var run = GeneratorRun.Of(Mixtral).AssertClean();
        Assert.Equal(46_702_792_704L, run.Constant("Mixtral+Cost", "Parameters"));
        Assert.Equal(12_879_925_248L, run.Constant("Mixtral+Cost", "ActiveParameters"));
        Assert.Contains("46,702,792,704 parameters (12,879,925,248 active for a token).", run.File("Mixtral"), StringComparison.Ordinal);
        // 2 FLOPs for each active weight of a product, the embedding's lookup and gains none; and the scores.
        var products = 12_879_925_248L - 32_000 * 4_096 - 65L * 4_096;
        Assert.Equal(2 * products + 32 * 4L * 4_096 * 4_096, run.Constant("Mixtral+Cost", "ForwardFlopsPerToken"));
    }

    [Fact]
    public void The_feed_forward_layers_of_DeepSeek_V2_Lite_have_the_published_parameters()
    {
        var run = GeneratorRun.Of(DeepSeek).AssertClean();
        var rest = 27 * (LatentAttention + 2_048) + 2 * 102_400L * 2_048 + 2_048;
        Assert.Equal(15_706_484_224L, rest + Constants("Parameters"));
        Assert.Equal(2_661_150_208L, rest + Constant("First", "Parameters") + Constant("Mixture", "ActiveParameters"));

        long Constants(string name) => Constant("First", name) + Constant("Mixture", name);

        long Constant(string part, string name) => (long)run.Constant($"DeepSeek+Cost+{part}", name);
    }
}
