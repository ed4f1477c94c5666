using LowRank.Training.Data;

namespace LowRank.Training.CommandLine;

/// <summary>Prepares the text of a run and says on standard error what takes long.</summary>
internal static class TextPreparation
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>The prepared text.</summary>
    public static TokenDataset Prepare(AppSession app, CorpusOptions corpus)
    {
        if (corpus.TextPaths is [StandardInput])
        {
            if (app.Ranks is not null)
                throw new InputException(
                    "Standard input reaches one of several processes; write the text to a file that all can read, and name it."
                );
            app.Say("Reading the text from standard input.");
            using var spooled = SpooledText.Fill(
                app.Console.OpenInput(),
                CacheFolder.Resolve(corpus.CacheDirectory),
                corpus.TextColumn,
                app.Stop
            );
            return Prepare(app, corpus with { TextPaths = [], Source = spooled });
        }

        var data = TokenDataset.Prepare(corpus, new SaidProgress(app), app.Stop);
        var naming = data.Skipped.Count > 0 && !app.Verbose ? " (--verbose names what was passed over.)" : "";
        app.Say($"Text: {data.Description}.{naming}");
        if (app.Verbose)
        {
            foreach (var file in data.Skipped)
                app.Say($"Passed over, {file.Reason}: {file.Path}");
        }

        return data;
    }
}
