using LowRank.Ide.Tests.Workspaces;

namespace LowRank.Ide.Tests.Refactorings;

/// <summary>Sublayers made low rank and dense again.</summary>
public sealed class SublayerRefactoringTests
{
    private const string Paper = "vocabulary: 32_000, context: 1_024, width: 2_048, depth: 24";

    [Theory]
    [InlineData("Make low rank: rank 1024 keeps 63 % of the feed-forward weights (20,971,520 of 33,554,432 in each block)", 1024)]
    [InlineData("Make low rank: rank 512 keeps 31 % of the feed-forward weights (10,485,760 of 33,554,432 in each block)", 512)]
    public async Task A_feed_forward_sublayer_becomes_low_rank(string title, int rank) =>
        Assert.Contains(
            $"    [FeedForward(hidden: 8_192)]\n    [LowRank(rank: {rank})]\n    public partial Sublayer FeedForward",
            await Refactored.AssertAsync(title, Source.Model(Paper, feedForward: "[FeedForward(hidden: 8_192)]"), "Sublayer FeedForward"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_rank_saves_on_every_weight_of_the_sublayer() =>
        Assert.Equal(
            // 2048 × 512 breaks even at 409.6; the sums alone would put the larger rank at 576.
            [
                "Make low rank: rank 384 keeps 49 % of the attention weights (5,111,808 of 10,485,760 in each block)",
                "Make low rank: rank 192 keeps 24 % of the attention weights (2,555,904 of 10,485,760 in each block)",
            ],
            await Refactored.TitlesAsync(Source.Model(Paper, attention: "[Attention(heads: 16, KeyValueHeads = 4)]"), "Sublayer Attention")
        );

    [Fact]
    public async Task A_low_rank_sublayer_becomes_dense() =>
        Assert.Contains(
            "    [FeedForward(256)]\n    public partial Sublayer FeedForward",
            await Refactored.AssertAsync(
                "Make dense: remove [LowRank]",
                Source.Model(feedForward: "[FeedForward(256)]\n    [LowRank(16)]"),
                "LowRank(16)"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_sublayer_is_exempt_from_its_class() =>
        Assert.Contains(
            "    [Attention(heads: 4)]\n    [Dense]\n    public partial Sublayer Attention",
            await Refactored.AssertAsync(
                "Make dense: exempt from the class's [LowRank]",
                Source.Model(attributes: "[LowRank(16)]"),
                "Sublayer Attention"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_low_rank_model_gains_its_dense_baseline() =>
        Assert.Contains(
            "[Transformer(vocabulary: 512, context: 64, width: 64, depth: 4)]\n[DenseBaseline]\npublic partial class Model",
            await Refactored.AssertAsync(
                "Add the dense baseline",
                Source.Model(feedForward: "[FeedForward(256), LowRank(16)]"),
                "class Model"
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_dense_model_needs_no_baseline() => Assert.Empty(await Refactored.TitlesAsync(Source.Model(), "class Model"));

    [Theory]
    [InlineData("[FeedForward(hidden: 0)]")]
    [InlineData("[FeedForward(hidden: oops)]")]
    [InlineData("[Dense, FeedForward(256)]")]
    public async Task Nothing_is_offered_where_there_is_nothing_to_make_low_rank(string attributes) =>
        Assert.Empty(await Refactored.TitlesAsync(Source.Model(feedForward: attributes), "Sublayer FeedForward"));
}
