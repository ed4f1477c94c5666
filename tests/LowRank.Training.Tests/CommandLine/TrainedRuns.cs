using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Training.Tests.Loop;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>A folder of runs and a text that is prepared once for them.</summary>
public sealed class TrainedRuns : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TrainedRuns()
    {
        ModelCatalog.Register(WithBaseline);
        ModelCatalog.Register(WithFlopMatched);
    }

    /// <summary>The small model with a baseline that is the model itself: enough to go through all that a comparison does.</summary>
    public static ModelEntry WithBaseline { get; } =
        TrainingText.Small with
        {
            Name = "Compared",
            FullName = "Tests.Compared",
            Dense = new ModelEntry(
                "Dense",
                "Tests.Compared.Dense",
                "",
                SmallTransformer.Cost.Summary,
                options => new SmallTransformer(options)
            ),
        };

    /// <summary>The same with a FLOP-matched dense model that is the model itself.</summary>
    public static ModelEntry WithFlopMatched { get; } =
        WithBaseline with
        {
            Name = "Matched",
            FullName = "Tests.Matched",
            FlopMatched = WithBaseline.Dense! with { Name = "Matched.FlopMatched", FullName = "Tests.Matched.FlopMatched" },
        };

    public string Path => folder.Path;

    /// <summary>The text, with a cache of its own.</summary>
    public string[] Text =>
        [
            "--text",
            System.IO.Path.Combine(AppContext.BaseDirectory, "LowRank.Runtime.xml"),
            System.IO.Path.Combine(AppContext.BaseDirectory, "LowRank.Training.xml"),
            "--cache",
            System.IO.Path.Combine(Path, "cache"),
        ];

    /// <summary>Options of a run of a second.</summary>
    public string[] SixSteps =>
        [
            "--steps",
            "6",
            "--batch",
            "4",
            "--micro-batch",
            "2",
            "--context",
            "32",
            "--evaluate-every",
            "3",
            "--evaluation-sequences",
            "2",
            "--seed",
            "3",
            .. Text,
        ];

    public void Dispose() => folder.Dispose();
}
