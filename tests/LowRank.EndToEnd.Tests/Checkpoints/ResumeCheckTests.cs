using System.Reflection;
using LowRank.Training;
using LowRank.Training.Checkpoints;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Checkpoints;

public sealed class ResumeCheckTests
{
    // What a run is doesn't hang on where it runs, what it logs and how often it is looked at.
    private static readonly string[] Free =
    [
        nameof(TrainingOptions.Device),
        nameof(TrainingOptions.Tf32),
        nameof(TrainingOptions.LogEvery),
        nameof(TrainingOptions.EvaluateEvery),
        nameof(TrainingOptions.EvaluationSequences),
        nameof(TrainingOptions.FinalEvaluationSequences),
        nameof(TrainingOptions.CheckpointEvery),
        nameof(TrainingOptions.Output),
        nameof(TrainingOptions.Resume),
        nameof(TrainingOptions.Sharding),
    ];

    public static TheoryData<string> Names() =>
        [.. typeof(TrainingOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_is_not_resumed_with_another_value_of_an_option_that_its_optimizer_reads(string name)
    {
        var reader =
            name.StartsWith("GaLore", StringComparison.Ordinal) ? OptimizerKind.GaLore
            : name is nameof(TrainingOptions.SpectronLearningRate) or nameof(TrainingOptions.Momentum) ? OptimizerKind.Spectron
            : OptimizerKind.AdamW;
        var options = new TrainingOptions
        {
            Steps = 10,
            SequencesPerStep = 8,
            SequencesPerMicroBatch = 8,
            Context = 16,
            Optimizer = reader,
            Output = "run",
        };
        var entry = ModelCatalog.Models.Single(model => model.Name == nameof(Models.SmallDeclared));
        var info = new CheckpointInfo
        {
            Model = entry.FullName,
            Variant = Variant.Guided,
            Vocabulary = 512,
            Step = 5,
            Options = options,
            DataFingerprint = "text",
            Guides = [],
            Updates = new Dictionary<string, long>(),
            Totals = new RunTotals(),
            Files = [],
        };
        ResumeCheck.Validate(info, entry, Variant.Guided, "text", options);

        var changed = options with { };
        var property = typeof(TrainingOptions).GetProperty(name)!;
        property.SetValue(changed, Another(property, options));
        if (Free.Contains(name))
            ResumeCheck.Validate(info, entry, Variant.Guided, "text", changed);
        else
            Assert.Contains(
                " was ",
                Assert.Throws<InputException>(() => ResumeCheck.Validate(info, entry, Variant.Guided, "text", changed)).Message,
                StringComparison.Ordinal
            );
    }

    private static object Another(PropertyInfo property, TrainingOptions options) =>
        property.GetValue(options) switch
        {
            Sharding.None => Sharding.Optimizer,
            long value => value + 1,
            int value => value + 1,
            double value => value + 0.01,
            bool value => !value,
            OptimizerKind.AdamW => OptimizerKind.Muon,
            string value => value + "x",
            null when property.PropertyType == typeof(double?) => 0.5,
            null when property.PropertyType == typeof(int?) => 5,
            null when property.PropertyType == typeof(FineTuningOptions) => new FineTuningOptions { Method = FineTuningMethod.Full },
            null => "other",
            var value => throw new NotSupportedException($"{value}"),
        };
}
