using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.Experiments;

/// <summary>What options are called in an experiment's file.</summary>
internal static class OptionKeys
{
    private static readonly Dictionary<string, string> Keys = new(
        [
            KeyValuePair.Create(nameof(TrainingOptions.FineTuning), FineTuning),
            KeyValuePair.Create(nameof(CorpusOptions.TextPaths), "text"),
            KeyValuePair.Create(nameof(CorpusOptions.TextWeights), "textWeights"),
            KeyValuePair.Create(nameof(CorpusOptions.TextColumn), "textColumn"),
            KeyValuePair.Create(nameof(CorpusOptions.TokenizerPath), "tokenizer"),
            KeyValuePair.Create(nameof(CorpusOptions.SpecialTokens), "specialTokens"),
            KeyValuePair.Create(nameof(ConversationOptions.ChatTemplate), "chatTemplate"),
            .. DeclaredTrainingOptions.All.Select(option => KeyValuePair.Create(option.Property, option.Key)),
            .. DeclaredFineTuningOptions.All.Select(option => KeyValuePair.Create(option.Property, $"{FineTuning}.{option.Key}")),
        ],
        StringComparer.Ordinal
    );

    /// <summary>
    /// The key of <see cref="TrainingOptions.FineTuning"/>, an object with the options of <see cref="FineTuningOptions"/>.
    /// </summary>
    public const string FineTuning = "fineTuning";

    /// <summary>The keys with which a contender sets the options of its training.</summary>
    public static IReadOnlyList<string> OfContenders { get; } =
    [.. DeclaredTrainingOptions.All.Where(option => option.IsOfExperiments).Select(option => option.Key), FineTuning];

    /// <summary>The key of a property; its own name where it is no option of training.</summary>
    public static string Of(string property) => Keys.GetValueOrDefault(property, property);
}
