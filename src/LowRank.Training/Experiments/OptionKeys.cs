using System.Text.RegularExpressions;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>Says in an experiment's keys what a check says in options of the command line, which an experiment's file has not.</summary>
internal static partial class OptionKeys
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["--batch"] = Key(nameof(TrainingOptions.SequencesPerStep)),
        ["--micro-batch"] = Key(nameof(TrainingOptions.SequencesPerMicroBatch)),
        ["--warmup"] = Key(nameof(TrainingOptions.WarmupFraction)),
        ["--clip"] = Key(nameof(TrainingOptions.ClipNorm)),
        ["--spectron-rate"] = Key(nameof(TrainingOptions.SpectronLearningRate)),
        ["--galore-rank"] = Key(nameof(TrainingOptions.GaLoreRank)),
        ["--galore-gap"] = Key(nameof(TrainingOptions.GaLoreGap)),
        ["--galore-scale"] = Key(nameof(TrainingOptions.GaLoreScale)),
        ["--rank"] = FineTuning(nameof(FineTuningOptions.Rank)),
        ["--ratio"] = FineTuning(nameof(FineTuningOptions.Ratio)),
        ["--energy"] = FineTuning(nameof(FineTuningOptions.Energy)),
        ["--alpha"] = FineTuning(nameof(FineTuningOptions.Alpha)),
        ["--dropout"] = FineTuning(nameof(FineTuningOptions.Dropout)),
        ["--phase-out"] = FineTuning(nameof(FineTuningOptions.PhaseOut)),
        ["--projections"] = FineTuning(nameof(FineTuningOptions.Projections)),
        ["--method"] = FineTuning(nameof(FineTuningOptions.Method)),
    };

    /// <summary>The sentence with keys instead of options; most are called alike: <c>--dense-from</c> is <c>denseFrom</c>.</summary>
    public static string Translate(string sentence) =>
        Option().Replace(sentence, match => Keys.GetValueOrDefault(match.Value) ?? Camel(match.Value));

    private static string Camel(string option) => Initial().Replace(option[2..], match => match.Groups[1].Value.ToUpperInvariant());

    private static string FineTuning(string property) => $"fineTuning.{Key(property)}";

    private static string Key(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    [GeneratedRegex("(?<![\\w-])--[a-z][a-z0-9-]*[a-z0-9]")]
    private static partial Regex Option();

    [GeneratedRegex("-([a-z])")]
    private static partial Regex Initial();
}
