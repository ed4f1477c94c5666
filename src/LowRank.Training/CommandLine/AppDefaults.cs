using LowRank.Training.Data;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine;

/// <summary>
/// What a program runs when it is started without arguments: the comparison of one model's variants, and with which options.
/// </summary>
public sealed record AppDefaults
{
    /// <summary>The model's name; null prints the help instead.</summary>
    public string? Model { get; init; }

    /// <summary>The options of that model's runs, before those of the command line; null takes them from its declaration.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>The text, before the options of the command line; its vocabulary is always the model's.</summary>
    public CorpusOptions? Corpus { get; init; }
}
