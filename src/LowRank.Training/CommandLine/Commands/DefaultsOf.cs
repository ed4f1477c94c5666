using LowRank.Training.Data;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The program's defaults for a model: they belong to the one that the program names, and to its variations.</summary>
internal static class DefaultsOf
{
    /// <summary>The options and the text, or nulls for another model.</summary>
    public static (TrainingOptions? Training, CorpusOptions? Corpus) Model(AppSession app, ModelEntry entry) =>
        app.Defaults.Model is { } named && ModelCatalog.Find(named) is [var only] && only == ModelLookup.Declared(entry)
            ? (app.Defaults.Training, app.Defaults.Corpus)
            : (null, null);
}
