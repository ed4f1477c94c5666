using System.CommandLine;

namespace LowRank.Training.CommandLine.Options;

/// <summary>Where the texts come from that are to be continued.</summary>
internal sealed class PromptOptionSet
{
    /// <summary>The name of the option that takes a text.</summary>
    public const string PromptName = "--prompt";

    private readonly Option<string[]> prompt = new(PromptName)
    {
        Description = "The text to go on with; - reads it from standard input. Several: each on its own. Without it: the model begins a text of its own.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> file = new("--prompts")
    {
        Description = "A file of texts to go on with, one a line; empty lines don't count.",
        HelpName = "FILE",
    };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(prompt);
        command.Add(file);
    }

    /// <summary>Refuses what can be seen before a model is loaded.</summary>
    /// <exception cref="InputException">Standard input is to be two prompts.</exception>
    public void Check(ParseResult arguments)
    {
        if (arguments.GetValue(prompt)?.Count(text => text == TextPreparation.StandardInput) > 1)
            throw new InputException("--prompt - reads standard input, which there is once; leave out all but one.");
    }

    /// <summary>The texts; an empty one where nothing was asked for.</summary>
    /// <exception cref="InputException">The file cannot be read, or has no text.</exception>
    public IReadOnlyList<string> Read(ParseResult arguments, TextReader input)
    {
        List<string> texts = [.. (arguments.GetValue(prompt) ?? []).Select(text => text == TextPreparation.StandardInput ? input.ReadToEnd() : text)];
        if (arguments.GetValue(file) is { } path)
            texts.AddRange(Lines(path));
        return texts.Count > 0 ? texts : [""];
    }

    private static IReadOnlyList<string> Lines(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"--prompts '{path}' is a folder; give it a file of texts, one a line.");
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The prompts cannot be read: {exception.Message}");
        }

        return lines.Any(line => line.Length > 0) ? [.. lines.Where(line => line.Length > 0)] : throw new InputException($"{path} has no prompt.");
    }
}
