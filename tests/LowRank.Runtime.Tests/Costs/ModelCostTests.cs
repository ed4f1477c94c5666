using LowRank.Costs;

namespace LowRank.Runtime.Tests.Costs;

public sealed class ModelCostTests
{
    // The 1.3 B model of Wei et al. (2024) at rank 1024, guided through the first half.
    private static readonly ModelCost PaperXl = new(
        "PaperXl",
        1024,
        984_731_648,
        2_169_503_744,
        201_326_592,
        [],
        [new(0.5, Guide.Mixed, Schedule.Cosine, 46, 771_751_936, 2 * (771_751_936L - 482_344_960L), 46 * 6L * 1024 * 2048 * 8192)],
        new(25_500_000_000, 512, 512)
    );

    [Fact]
    public void Training_flops_are_the_published_ones()
    {
        var steps = TrainingFlopFormula.Steps(25_500_000_000, 512, 1024);
        Assert.Equal(48_637, steps);
        Assert.Equal(165_965_705_139_078_561_792m, PaperXl.TrainingFlops(steps, 512, 1024, guided: false));
        var guided = PaperXl.TrainingFlops(steps, 512, 1024, guided: true);
        Assert.Equal(1.8822e20, (double)guided, 0.00005e20);
    }

    [Fact]
    public void A_sampled_guide_counts_with_its_expected_draws()
    {
        var sampled = PaperXl with { Guides = [PaperXl.Guides[0] with { Guide = Guide.Sampled }] };
        Assert.Equal(1.7709e20, (double)sampled.TrainingFlops(48_637, 512, 1024, guided: true), 0.00005e20);
        Assert.Equal(12_159.5m, TrainingFlopFormula.ExpectedSampledSteps(24_318));
        Assert.Equal(0, TrainingFlopFormula.ExpectedSampledSteps(0));
    }

    [Fact]
    public void Half_the_scores_count_in_the_causal_convention_and_scores_grow_with_the_context()
    {
        Assert.Equal(2_169_503_744 - 201_326_592 / 2, PaperXl.ForwardFlopsPerTokenAt(1024, FlopConvention.Causal));
        Assert.Equal(2_169_503_744 - 201_326_592 / 2, PaperXl.ForwardFlopsPerTokenAt(512, FlopConvention.Paper));
        Assert.Throws<ArgumentOutOfRangeException>(() => PaperXl.ForwardFlopsPerTokenAt(0, FlopConvention.Paper));
    }

    [Fact]
    public void Scores_within_a_window_stop_growing_with_the_context()
    {
        // One block of full attention and two of a window of 100, each 64 wide.
        const long Scores = 4 * 1024 * 64 + 2 * 4 * 100 * 64;
        var cost = new ModelCost("Windowed", 1024, 0, 1_000_000 + Scores, Scores, [], [], null) { Windows = [new(100, 64, 2)] };
        Assert.Equal(1_000_000 + Scores, cost.ForwardFlopsPerTokenAt(1024, FlopConvention.Paper));
        Assert.Equal(1_000_000 + 3 * 4 * 50 * 64, cost.ForwardFlopsPerTokenAt(50, FlopConvention.Paper));
        Assert.Equal(1_000_000 + 3 * 2 * 50 * 64, cost.ForwardFlopsPerTokenAt(50, FlopConvention.Causal));
        Assert.Equal(1_000_000 + 4 * 8192 * 64 + 2 * 4 * 100 * 64, cost.ForwardFlopsPerTokenAt(8192, FlopConvention.Paper));
        // 2·100·100·64/8192 = 156.25, rounded down for each block.
        Assert.Equal(1_000_000 + 2 * 8192 * 64 + 2 * (4 * 100 * 64 - 156), cost.ForwardFlopsPerTokenAt(8192, FlopConvention.Causal));
    }

    [Fact]
    public void Totals_beyond_64_bits_are_exact()
    {
        // 405 B parameters, 15 T tokens: 6·N·D = 3.6·10²⁵.
        var total = TrainingFlopFormula.WithoutGuide(2 * 405_000_000_000m, 15_000_000_000_000m / 4_194_304m, 4_194_304m);
        Assert.Equal(36_450_000_000_000_000_000_000_000m, Math.Round(total));
    }
}
