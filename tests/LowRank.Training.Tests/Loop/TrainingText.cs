using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Training.Data;
using LowRank.Training.Runs;
using LowRank.Training.Tests.Loop;

[assembly: AssemblyFixture(typeof(TrainingText))]

namespace LowRank.Training.Tests.Loop;

/// <summary>A small real text, prepared once: the documentation file of the runtime that lies beside the tests.</summary>
public sealed class TrainingText : IDisposable
{
    private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("lowrank-text-");

    public TrainingText()
    {
        ModelCatalog.Register(Small);
        Data = TokenDataset.Prepare(
            new CorpusOptions
            {
                TextPaths =
                [
                    Path.Combine(AppContext.BaseDirectory, "LowRank.Runtime.xml"),
                    Path.Combine(AppContext.BaseDirectory, "LowRank.Training.xml"),
                ],
                Vocabulary = 512,
                ValidationFraction = 0.1,
                CacheDirectory = cache.FullName,
            },
            progress: null,
            CancellationToken.None
        );
    }

    public TokenDataset Data { get; }

    /// <summary>The hand-written model: four blocks, of which three are factored and guided through half of the run.</summary>
    public static ModelEntry Small { get; } =
        new(
            "SmallTransformer",
            "HandWritten.SmallTransformer",
            "",
            SmallTransformer.Cost.Summary,
            options => new SmallTransformer(options)
        );

    /// <summary>A run of a few seconds.</summary>
    public static TrainingOptions Options(string? output = null, long steps = 12) =>
        new()
        {
            Steps = steps,
            SequencesPerStep = 8,
            SequencesPerMicroBatch = 4,
            Context = 32,
            LearningRate = 3e-3,
            Seed = 5,
            EvaluateEvery = 4,
            EvaluationSequences = 4,
            FinalEvaluationSequences = 8,
            Output = output,
        };

    public void Dispose()
    {
        Data.Dispose();
        cache.Delete(recursive: true);
    }
}
