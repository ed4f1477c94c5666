using System.CommandLine;
using LowRank.Training.Data;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say which text is read.</summary>
internal sealed class CorpusOptionSet
{
    private readonly Option<string[]> text = new("--text")
    {
        Description = "Files and folders of text. Without it: the API documentation of the installed .NET SDK.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> tokenizer = new("--tokenizer")
    {
        Description = "A tokenizer.json to use instead of training one on the text.",
        HelpName = "FILE",
    };

    private readonly Option<double?> validationFraction = NumberOption.Real(
        "--validation-fraction", "Share of the documents held out for validation.", value => value is > 0 and < 1, "between 0 and 1");

    private readonly Option<string?> cache = new("--cache")
    {
        Description = "Folder that keeps prepared text for the next run. Without it: one of the user's.",
        HelpName = "DIR",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withTokenizer">Whether the tokeniser can be chosen; a checkpoint has its own.</param>
    public void AddTo(Command command, bool withTokenizer = true)
    {
        command.Options.Add(text);
        if (withTokenizer)
            command.Options.Add(tokenizer);
        command.Options.Add(validationFraction);
        command.Options.Add(cache);
    }

    /// <summary>What they say, over the program's defaults.</summary>
    /// <exception cref="InputException">A named file is missing.</exception>
    public CorpusOptions Read(ParseResult arguments, CorpusOptions? defaults, int vocabulary)
    {
        defaults ??= new CorpusOptions();
        var paths = arguments.GetValue(text) is { Length: > 0 } given ? given : defaults.TextPaths;
        foreach (var path in paths)
        {
            if (!File.Exists(path) && !Directory.Exists(path))
                throw new InputException($"There is no file or folder '{path}'; give --text an existing one.");
        }

        var tokenizerPath = arguments.GetResult(tokenizer) is null ? defaults.TokenizerPath : arguments.GetValue(tokenizer);
        if (tokenizerPath is not null && !File.Exists(tokenizerPath))
            throw new InputException($"There is no tokenizer '{tokenizerPath}'; give --tokenizer an existing tokenizer.json.");
        return defaults with
        {
            TextPaths = paths,
            Vocabulary = vocabulary,
            TokenizerPath = tokenizerPath,
            ValidationFraction = arguments.GetValue(validationFraction) ?? defaults.ValidationFraction,
            CacheDirectory = arguments.GetValue(cache) ?? defaults.CacheDirectory,
        };
    }
}
