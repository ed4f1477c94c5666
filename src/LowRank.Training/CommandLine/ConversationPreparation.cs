using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Data.Examples;

namespace LowRank.Training.CommandLine;

/// <summary>Prepares the conversations of a run and says on standard error what takes long.</summary>
internal static class ConversationPreparation
{
    /// <summary>The prepared conversations.</summary>
    /// <param name="app">The program.</param>
    /// <param name="model">Tokenizer and template.</param>
    /// <param name="options">Which conversations.</param>
    /// <param name="corpus">The share that is held out, and the cache folder.</param>
    public static TokenDataset Prepare(AppSession app, ConversationModel model, ConversationOptions options, CorpusOptions corpus)
    {
        var files = Open(app, model, options);
        var data = TokenDataset.PrepareExamples(
            files,
            model.Tokenizer,
            new ExampleOptions { ValidationFraction = corpus.ValidationFraction, CacheDirectory = corpus.CacheDirectory },
            new SaidProgress(app),
            app.Stop
        );
        data.Companions = model.Companions;
        app.Say($"Conversations: {data.Description}.");
        return data;
    }

    /// <summary>The files of conversations, of which a line says what was passed over in folders.</summary>
    public static ConversationFiles Open(AppSession app, ConversationModel model, ConversationOptions options)
    {
        var files = model.Read(options.Paths, app.Stop);
        if (files.Skipped.Count > 0)
            app.Say($"Passed over in folders of conversations: {Documents.SkippedCount.ByReason(files.Skipped)}");
        return files;
    }
}
