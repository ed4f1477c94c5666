using LowRank.Training.Data;

namespace LowRank.Training.CommandLine;

/// <summary>Prepares the text of a run and says on standard error what takes long.</summary>
internal static class TextPreparation
{
    /// <summary>The prepared text.</summary>
    public static TokenDataset Prepare(AppSession app, CorpusOptions corpus)
    {
        var data = TokenDataset.Prepare(corpus, new Lines(app), app.Stop);
        app.Say($"Text: {data.Description}.");
        return data;
    }

    // Progress<T> would print from other threads, after what follows.
    private sealed class Lines(AppSession app) : IProgress<string>
    {
        public void Report(string value) => app.Say(value);
    }
}
