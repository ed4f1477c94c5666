using LowRank.Training.Data;
using LowRank.Training.Data.Mixtures;

namespace LowRank.Training.Tests.Data.Mixtures;

public sealed class MixtureOrderTests
{
    [Theory]
    [InlineData(new[] { 0.7, 0.3 }, new[] { 7, 3 })]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { 334, 333, 333 })]
    [InlineData(new[] { 2.0, 2 }, new[] { 1, 1 })]
    [InlineData(new[] { 0.001, 0.999 }, new[] { 1, 999 })]
    [InlineData(new[] { 1e308, 1e308, 2e307 }, new[] { 455, 454, 91 })]
    [InlineData(new[] { 5.0 }, new[] { 1 })]
    public void Weights_are_rounded_by_the_largest_remainder(double[] weights, int[] parts) =>
        Assert.Equal(parts, MixtureParts.Of(Options(weights)));

    [Fact]
    public void A_weight_that_vanishes_or_is_none_is_refused()
    {
        Assert.Equal(
            "The weight 0.0001 of 'path-1' is too small a share of all: in TextWeights less than half of 0.001 can't be kept. Raise it, or leave that path out.",
            Refusal(Options([0.9999, 0.0001]))
        );
        Assert.Equal("TextWeights has a weight of -1; give numbers above 0, of which the ratios count.", Refusal(Options([1, -1])));
        Assert.Contains("a weight of NaN", Refusal(Options([1, double.NaN])), StringComparison.Ordinal);
        Assert.Equal(
            "TextWeights needs a number for each path of TextPaths: of those there are 2, of numbers 1. Give each path one, in their order.",
            Refusal(Options([1, 1]) with { TextWeights = [1] })
        );
    }

    [Theory]
    [InlineData(new[] { 7, 3 })]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 334, 333, 333 })]
    public void Every_prefix_of_whole_blocks_has_exact_shares_and_each_source_is_read_in_turn(int[] parts)
    {
        var order = new MixtureOrder(parts, seed: 11);
        var read = parts.Select(_ => new List<long>()).ToArray();
        for (var block = 0; block < 5; block++)
        {
            for (var place = 0; place < order.Block; place++)
            {
                var (source, index) = order[((long)block * order.Block) + place];
                read[source].Add(index);
            }

            // All of a source's numbers so far, each once.
            Assert.All(
                read.Select((found, source) => (found, source)),
                at => Assert.Equal(Enumerable.Range(0, (block + 1) * parts[at.source]).Select(i => (long)i), at.found.Order())
            );
        }
    }

    [Fact]
    public void The_count_of_a_source_is_that_of_its_sequences()
    {
        var order = new MixtureOrder([5, 2, 4], seed: 2);
        var counts = new long[3];
        for (var position = 0; position < 100; position++)
        {
            Assert.Equal(counts, Enumerable.Range(0, 3).Select(source => order.CountOf(source, position)));
            counts[order[position].Source]++;
        }

        Assert.Equal(5_000_000_000_000, order.CountOf(0, 11_000_000_000_000));
    }

    [Fact]
    public void Blocks_are_shuffled_anew_and_by_the_seed()
    {
        int[] Sources(long seed, long block) =>
            [.. Enumerable.Range(0, 10).Select(i => new MixtureOrder([7, 3], seed)[(block * 10) + i].Source)];
        Assert.True(Enumerable.Range(0, 20).Select(block => string.Join("", Sources(1, block))).Distinct().Count() > 10);
        Assert.True(Enumerable.Range(0, 20).Select(seed => string.Join("", Sources(seed, 0))).Distinct().Count() > 10);
    }

    [Fact]
    public void One_source_is_read_as_if_there_were_no_mixture()
    {
        var order = new MixtureOrder([1], seed: 5);
        Assert.All(new[] { 0, 1, 2, 1L << 60 }, position => Assert.Equal((0, position), order[position]));
    }

    private static CorpusOptions Options(double[] weights) =>
        new() { TextPaths = [.. weights.Select((_, i) => $"path-{i}")], TextWeights = weights };

    private static string Refusal(CorpusOptions options) => Assert.Throws<InputException>(() => MixtureParts.Of(options)).Message;
}
