using LowRank.Training.Generation;

namespace LowRank.Training.Tests.Generation;

public sealed class SamplerTests
{
    private static readonly float[] Logits = [.. Enumerable.Range(0, 50).Select(index => (float)Math.Sin(index * 1.7) * 3)];

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void Top_p_keeps_the_smallest_set_that_holds_the_mass(double topP)
    {
        var all = new Sampler(new SamplingOptions { Temperature = 1 }).Probabilities(Logits);
        var kept = new Sampler(new SamplingOptions { Temperature = 1, TopP = topP }).Probabilities(Logits);
        double[] masses = [.. all.Where((_, id) => kept[id] > 0)];
        Assert.True(masses.Sum() >= topP - 1e-12);
        Assert.True(masses.Sum() - masses.Min() < topP);
        // What is left out is nowhere likelier than what is kept.
        Assert.True(all.Where((_, id) => kept[id] == 0).Max() <= masses.Min());
        Assert.Equal(1, kept.Sum(), 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(500)]
    public void Top_k_keeps_the_likeliest_and_their_proportions(int topK)
    {
        var all = new Sampler(new SamplingOptions { Temperature = 1 }).Probabilities(Logits);
        var kept = new Sampler(new SamplingOptions { Temperature = 1, TopK = topK }).Probabilities(Logits);
        int[] ids = [.. Enumerable.Range(0, 50).Where(id => kept[id] > 0)];
        Assert.Equal(Enumerable.Range(0, 50).OrderByDescending(id => all[id]).Take(topK).Order(), ids);
        foreach (var id in ids)
            Assert.Equal(all[id] / all[ids[0]], kept[id] / kept[ids[0]], 10);
    }

    [Fact]
    public void Top_p_counts_the_mass_that_top_k_left()
    {
        // Probabilities .4, .3, .2, .1: of the first three, .444, .333, .222; half of that mass takes two.
        float[] logits = [.. new[] { .4, .3, .2, .1 }.Select(probability => (float)Math.Log(probability))];
        var kept = new Sampler(
            new SamplingOptions
            {
                Temperature = 1,
                TopK = 3,
                TopP = .5,
            }
        ).Probabilities(logits);
        Assert.Equal([4.0 / 7, 3.0 / 7, 0, 0], kept, (left, right) => Math.Abs(left - right) < 1e-6);
    }

    [Fact]
    public void Draws_follow_the_probabilities()
    {
        var sampler = new Sampler(
            new SamplingOptions
            {
                Temperature = 0.7,
                TopK = 10,
                Seed = 1,
            }
        );
        var expected = sampler.Probabilities(Logits);
        var counts = new int[Logits.Length];
        const int draws = 20_000;
        for (var draw = 0; draw < draws; draw++)
            counts[sampler.Sample(Logits)]++;
        for (var id = 0; id < counts.Length; id++)
        {
            var deviation = Math.Sqrt(expected[id] * (1 - expected[id]) / draws);
            Assert.True(
                Math.Abs((double)counts[id] / draws - expected[id]) <= 5 * deviation,
                $"token {id}: {counts[id]} of {draws}, expected {expected[id]}"
            );
        }
    }

    [Fact]
    public void Equal_seeds_draw_equal_sequences_and_others_do_not()
    {
        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
        Assert.NotEqual(Draw(5), Draw(5L << 32));

        static int[] Draw(long seed)
        {
            var sampler = new Sampler(new SamplingOptions { Seed = seed, Temperature = 1 });
            return [.. Enumerable.Range(0, 40).Select(_ => sampler.Sample(Logits))];
        }
    }

    [Fact]
    public void Temperature_zero_takes_the_likeliest_and_the_first_among_equals()
    {
        var sampler = new Sampler(new SamplingOptions { Temperature = 0 });
        Assert.Equal(2, sampler.Sample([1, float.NaN, 3, 3]));
        Assert.Equal([0, 0, 1, 0], sampler.Probabilities([1, float.NaN, 3, 3]));
    }

    [Fact]
    public void A_diverged_model_is_named_as_such() =>
        Assert.Contains(
            "diverged",
            Assert.Throws<InputException>(() => new Sampler(new SamplingOptions()).Sample([float.NaN])).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(-0.1, 0, 1)]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 0, 1.1)]
    public void Impossible_options_are_refused(double temperature, int topK, double topP) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Sampler(
                new SamplingOptions
                {
                    Temperature = temperature,
                    TopK = topK,
                    TopP = topP,
                }
            )
        );
}
