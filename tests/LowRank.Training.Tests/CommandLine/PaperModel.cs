using LowRank.Costs;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>The accounting of the paper's 1.3 B transformer with feed-forward layers of rank 1024, written by hand.</summary>
internal static class PaperModel
{
    public static ModelEntry Entry { get; } =
        new(
            "PaperXl",
            "Tests.PaperXl",
            "The 1.3 B transformer of Wei et al.",
            LowRank(),
            _ => throw new NotSupportedException(),
            new ModelEntry("Dense", "Tests.PaperXl.Dense", "", Dense(), _ => throw new NotSupportedException())
        );

    public static ModelEntry WithoutRun { get; } =
        Entry with
        {
            Name = "NoRun",
            FullName = "Tests.NoRun",
            Cost = LowRank() with { Run = null },
            Dense = null,
        };

    public static ModelEntry WithFactorOptions { get; } =
        Entry with
        {
            Name = "FactorOptions",
            FullName = "Tests.FactorOptions",
            Cost = LowRank() with
            {
                Guides = [],
                Factors =
                [
                    new(46, Activation.Silu, false, Initialization.Gaussian, 0, 0, 0, 0),
                    new(2, null, true, Initialization.Orthogonal, 500, 1_000_000, 0.01, 2_000_000),
                ],
            },
        };

    private static DeclaredRun Run => new(25_500_000_000, 512, 512);

    private static ModelCost LowRank() =>
        new(
            "PaperXl",
            1024,
            984_731_648,
            2_169_503_744,
            24 * 8_388_608,
            [
                Embedding,
                Attention,
                new("FeedForward", "feed-forward", 0, 1, 0, 33_568_768, 0, 67_108_864, 0, 67_108_864, 0),
                new(
                    "FeedForward",
                    "feed-forward",
                    1,
                    23,
                    1024,
                    20_985_856,
                    33_554_432,
                    41_943_040,
                    0,
                    67_108_864,
                    2 * 6L * 1024 * 2048 * 8192
                ),
                FinalNorm,
                Head,
            ],
            [new(0.5, Guide.Mixed, Schedule.Cosine, 46, 771_751_936, 23 * 25_165_824, 46 * 6L * 1024 * 2048 * 8192)],
            Run
        );

    private static ModelCost Dense() =>
        new(
            "PaperXl.Dense",
            1024,
            1_274_138_624,
            2_748_317_696,
            24 * 8_388_608,
            [
                Embedding,
                Attention,
                new("FeedForward", "feed-forward", 0, 24, 0, 33_568_768, 0, 67_108_864, 0, 67_108_864, 0),
                FinalNorm,
                Head,
            ],
            [],
            Run
        );

    private static SublayerCost Embedding => new("Embedding", "embedding", 0, 1, 0, 65_536_000, 0, 0, 0, 0, 0);

    private static SublayerCost Attention => new("Attention", "attention", 0, 24, 0, 16_789_504, 0, 41_943_040, 8_388_608, 41_943_040, 0);

    private static SublayerCost FinalNorm => new("FinalNorm", "norm", 0, 1, 0, 4_096, 0, 0, 0, 0, 0);

    private static SublayerCost Head => new("Head", "head", 0, 1, 0, 0, 0, 131_072_000, 0, 131_072_000, 0);
}
