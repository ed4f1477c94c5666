using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Evaluation.Tasks;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;

namespace LowRank.Training.CommandLine.Options;

/// <summary>What options are called on the command line, which the library calls by their properties.</summary>
internal static class FlagNames
{
    private static readonly Dictionary<string, string> Flags = new(
        [
            // Options of other commands that messages of the library name.
            KeyValuePair.Create("Summary", "--summary"),
            KeyValuePair.Create("Tokenizer", "--tokenizer"),
            KeyValuePair.Create(nameof(ExportOptions.Architecture), "--architecture"),
            KeyValuePair.Create(nameof(ExportOptions.KeepFactors), "--factored keep"),
            KeyValuePair.Create(nameof(CorpusOptions.TextPaths), "--text"),
            KeyValuePair.Create(nameof(CorpusOptions.TextWeights), "--text-weight"),
            KeyValuePair.Create(nameof(CorpusOptions.TextColumn), "--text-column"),
            KeyValuePair.Create(nameof(CorpusOptions.TokenizerPath), "--tokenizer"),
            KeyValuePair.Create(nameof(CorpusOptions.SpecialTokens), SpecialTokensOption.Name),
            KeyValuePair.Create(nameof(ConversationOptions.ChatTemplate), "--chat-template"),
            KeyValuePair.Create(nameof(TaskOptions.Shots), "--shots"),
            KeyValuePair.Create(nameof(TaskOptions.ShotsPath), "--shots-from"),
            KeyValuePair.Create(nameof(Variant), "--variant"),
            .. DeclaredTrainingOptions.All.Select(option => KeyValuePair.Create(option.Property, $"--{option.Flag}")),
            .. DeclaredFineTuningOptions.All.Select(option => KeyValuePair.Create(option.Property, $"--{option.Flag}")),
        ],
        StringComparer.Ordinal
    );

    /// <summary>The flag of a property; its own name where it has none.</summary>
    public static string Of(string property) => Flags.GetValueOrDefault(property, property);
}
