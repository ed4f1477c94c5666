using System.CommandLine;
using System.Text;
using LowRank.Training.Documents;
using LowRank.Training.Files;

namespace LowRank.Training.CommandLine.Options;

/// <summary>Where the texts come from that are to be continued.</summary>
internal sealed class PromptOptionSet
{
    /// <summary>The name of the option that takes a text.</summary>
    public const string PromptName = "--prompt";

    private readonly Option<string[]> prompt = new(PromptName)
    {
        Description =
            "The text to go on with; - reads it from standard input. Several: each on its own. Without it: the model begins a text of its own.",
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
    /// <exception cref="InputException">Standard input is to be two prompts, or there is none.</exception>
    public void Check(ParseResult arguments, AppConsole console)
    {
        var times = arguments.GetValue(prompt)?.Count(text => text == TextPreparation.StandardInput);
        if (times > 1)
            throw new InputException("--prompt - reads standard input, which there is once; leave out all but one.");
        if (times == 1)
            _ = console.Input;
    }

    /// <summary>Refuses more than one prompt, where it is the only turn of a conversation.</summary>
    /// <exception cref="InputException">There are several.</exception>
    public void CheckChat(ParseResult arguments)
    {
        if (arguments.GetValue(prompt) is { Length: > 1 } || arguments.GetValue(file) is not null)
            throw new InputException("--chat takes one --prompt, the only turn, or its turns from lines of standard input.");
    }

    /// <summary>The only turn of a conversation; null where its turns are lines of standard input.</summary>
    public string? Turn(ParseResult arguments, AppSession app) =>
        arguments.GetValue(prompt) is { Length: > 0 } ? Read(arguments, app)[0] : null;

    /// <summary>The texts; an empty one where nothing was asked for.</summary>
    /// <exception cref="InputException">The file cannot be read, has no text, or it or standard input is none.</exception>
    public IReadOnlyList<string> Read(ParseResult arguments, AppSession app)
    {
        List<string> texts =
        [
            .. (arguments.GetValue(prompt) ?? []).Select(text => text == TextPreparation.StandardInput ? Input(app) : text),
        ];
        if (arguments.GetValue(file) is { } path)
            texts.AddRange(Lines(path, app.Stop));
        return texts.Count > 0 ? texts : [""];
    }

    private static string Input(AppSession app)
    {
        app.Say("Reading the prompt from standard input.");
        var text = StoppableRead.Run(app.Console.Input.ReadToEnd, app.Stop);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new InputException("Standard input is no text (it looks binary): it holds the byte 0x00. Give --prompt - UTF-8 text.")
            : text;
    }

    private static IReadOnlyList<string> Lines(string path, CancellationToken stop)
    {
        if (Directory.Exists(path))
            throw new InputException($"--prompts '{path}' is a folder; give it a file of texts, one a line.");
        IReadOnlyList<string> lines;
        try
        {
            lines = StoppableRead.Run(() => ReadLines(path), stop);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The prompts cannot be read: {exception.Message}");
        }

        return lines.Any(line => line.Length > 0)
            ? [.. lines.Where(line => line.Length > 0)]
            : throw new InputException($"{path} has no prompt.");
    }

    // Held to what training text is held to.
    private static List<string> ReadLines(string path)
    {
        using var stream = File.OpenRead(path);
        var reader = new LineReader(stream, path);
        var lines = new List<string>();
        while (reader.TryRead(out var line))
            lines.Add(Encoding.UTF8.GetString(line));
        return lines;
    }
}
