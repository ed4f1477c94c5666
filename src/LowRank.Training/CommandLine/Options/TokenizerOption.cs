using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;

namespace LowRank.Training.CommandLine.Options;

/// <summary><c>--tokenizer</c>: another tokenizer than one that is trained on the text. Commands over a checkpoint have its own.</summary>
internal sealed class TokenizerOption
{
    private readonly Option<string?> tokenizer = new("--tokenizer")
    {
        Description = "A tokenizer.json or SentencePiece model to use instead of training one on the text.",
        HelpName = "FILE",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(tokenizer);

    /// <summary>What it says, over the program's defaults.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="defaults">The program's defaults, or null.</param>
    /// <exception cref="InputException">The file is missing.</exception>
    public CorpusOptions Read(ParseResult arguments, CorpusOptions? defaults)
    {
        defaults ??= new CorpusOptions();
        if (arguments.GetResult(tokenizer) is null)
            return defaults;
        var path = arguments.GetValue(tokenizer);
        if (path is not null && !File.Exists(path))
            throw new InputException($"There is no tokenizer '{path}'; give --tokenizer an existing tokenizer.json.");
        return defaults with { TokenizerPath = path };
    }

    /// <summary>The same where a run begins with weights: their tokenizer, which is in the checkpoint, or has to be named.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="defaults">The program's defaults, or null.</param>
    /// <param name="training">The run.</param>
    /// <param name="start">The checkpoint whose weights it begins with; null for none.</param>
    /// <exception cref="InputException">The file is missing, or the weights' tokenizer is not known.</exception>
    public CorpusOptions Read(ParseResult arguments, CorpusOptions? defaults, TrainingOptions training, Checkpoint? start)
    {
        if (start is null)
            return Read(arguments, defaults);
        // The program's own tokenizer is not that of the weights either.
        var asked = Read(arguments, (defaults ?? new CorpusOptions()) with { TokenizerPath = null });
        if (training.ReplaceTokenizer)
            return asked;
        if (asked.TokenizerPath is { } path)
        {
            StartingPoint.CheckTokenizer(start, Tokenizer.Load(path), training);
            return asked;
        }

        if (!File.Exists(start.TokenizerPath))
        {
            throw new InputException(
                $"'{training.From}' holds no tokenizer, and its weights know the ids of the one alone that they were trained with; "
                    + "name that with --tokenizer, or have a new one trained with --replace-tokenizer."
            );
        }

        return asked with
        {
            TokenizerPath = start.TokenizerPath,
        };
    }
}
