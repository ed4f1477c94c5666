using System.CommandLine;
using LowRank.Training.Data;
using LowRank.Training.Pipelines;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say which text is read.</summary>
internal sealed class CorpusOptionSet
{
    private readonly Option<string[]> text = new("--text")
    {
        Description =
            "Files and folders of text or of tokens; - alone reads standard input. Without it: the API documentation of the installed .NET SDK.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double[]?> textWeights = NumberOption.Reals(
        "--text-weight",
        "How much of the training each --text makes up, a number for each, such as 0.7 0.3. Without it: they are one text together.",
        value => value > 0,
        "above 0"
    );

    private readonly Option<string?> textColumn = new("--text-column")
    {
        Description = "What the text is called in JSON objects and in tables. Without it: text.",
        HelpName = "NAME",
    };

    private readonly Option<double?> validationFraction = NumberOption.Real(
        "--validation-fraction",
        "Share of the documents held out for validation.",
        value => value is > 0 and < 1,
        "between 0 and 1"
    );

    private readonly Option<string?> cache = new("--cache")
    {
        Description = "Folder that keeps prepared text for the next run. Without it: one of the user's.",
        HelpName = "DIR",
    };

    private readonly Option<bool> specialTokens = SpecialTokensOption.Create("documents");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [text, textWeights, textColumn, validationFraction, cache, specialTokens];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>What they say, over the program's defaults, among which is the tokenizer.</summary>
    /// <exception cref="InputException">A named file is missing.</exception>
    public CorpusOptions Read(ParseResult arguments, CorpusOptions? defaults, int vocabulary)
    {
        defaults ??= new CorpusOptions();
        var paths = arguments.GetValue(text) is { Length: > 0 } given ? given : defaults.TextPaths;
        if (paths.Count > 1 && paths.Contains(TextPreparation.StandardInput))
            throw new InputException(
                "--text - reads standard input as the whole text; leave the other paths out, or write ./- for a file of that name."
            );
        foreach (var path in paths.Where(path => path != TextPreparation.StandardInput))
        {
            if (!File.Exists(path) && !Directory.Exists(path))
                throw new InputException($"There is no file or folder '{path}'; give --text an existing one.");
            if (PipelineFolder.IsOne(path))
                throw new InputException(
                    $"'{path}' is the output folder of a pipeline, in which there are reports, too; give --text its documents or tokens: '{Path.Combine(path, "documents")}' or '{Path.Combine(path, "tokens")}'."
                );
        }

        // Other paths than the program's don't have its weights.
        var weights = arguments.Has(text) ? [] : defaults.TextWeights;
        return defaults with
        {
            TextPaths = paths,
            TextWeights = arguments.GetValue(textWeights) is { Length: > 0 } shares ? shares : weights,
            TextColumn = arguments.GetValue(textColumn) ?? defaults.TextColumn,
            Vocabulary = vocabulary,
            ValidationFraction = arguments.GetValue(validationFraction) ?? defaults.ValidationFraction,
            CacheDirectory = arguments.GetValue(cache) ?? defaults.CacheDirectory,
            SpecialTokens = arguments.GetValue(specialTokens) || defaults.SpecialTokens,
        };
    }
}
