using LowRank.Decoding;

namespace LowRank.Runtime.Tests.Decoding;

public sealed class DecodingRuleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void Factors_that_have_more_weights_than_their_product_are_merged(int rows)
    {
        Assert.False(DecodingRule.PrefersFactors(512, 512, 256, rows));
        Assert.False(DecodingRule.PrefersFactors(512, 1_536, 400, rows));
        Assert.False(DecodingRule.PrefersFactors(64, 64, 32, rows));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Factors_with_far_fewer_weights_are_kept(int rows)
    {
        Assert.True(DecodingRule.PrefersFactors(512, 512, 64, rows));
        Assert.True(DecodingRule.PrefersFactors(2_048, 5_461, 512, rows));
    }

    [Fact]
    public void A_layer_so_small_that_calls_take_its_time_is_merged()
    {
        Assert.False(DecodingRule.PrefersFactors(64, 64, 8, rows: 1));
    }

    [Fact]
    public void A_higher_rank_never_turns_a_merged_layer_back()
    {
        foreach (var rows in new[] { 1, 4, 32 })
        {
            var choices = Enumerable.Range(1, 700).Select(rank => DecodingRule.PrefersFactors(768, 3_072, rank, rows)).ToList();
            Assert.Equal(choices.OrderByDescending(kept => kept), choices);
            Assert.True(choices[0]);
            Assert.False(choices[^1]);
        }
    }
}
