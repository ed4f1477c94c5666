using System.CommandLine;
using LowRank.Training.Conversations;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options that say which conversations are learned from, or measured on.</summary>
/// <param name="hasPreview">Whether they can be shown instead.</param>
internal sealed class ConversationOptionSet(bool hasPreview = true)
{
    private readonly Option<string[]> paths = new("--conversations")
    {
        Description =
            "Files and folders of conversations (.jsonl, .json, .csv, .parquet), of which the answers count: messages, ShareGPT, prompt with completion, Alpaca. In the place of --text.",
        HelpName = "PATH",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly ChatTemplateOption template = new();

    private readonly Option<long?> preview = NumberOption.Whole(
        "--preview",
        "Shows text and tokens of so many --conversations, and which tokens are learned; trains nothing.",
        1,
        int.MaxValue
    );

    /// <summary>All of them, for messages about what they can't stand beside.</summary>
    public IReadOnlyList<Option> All => [paths, .. template.All, preview];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(paths);
        template.AddTo(command);
        if (hasPreview)
            command.Options.Add(preview);
    }

    /// <summary>How many examples are to be shown; null where it is trained.</summary>
    public int? Preview(ParseResult arguments) => (int?)arguments.GetValue(preview);

    /// <summary>What they say; null where no conversations are named.</summary>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="InputException">A path doesn't exist, or an option is given that has no meaning beside the others.</exception>
    public ConversationOptions? Read(ParseResult arguments)
    {
        var named = arguments.GetValue(paths) ?? [];
        if (named.Length == 0)
        {
            if (hasPreview && arguments.Has(preview))
                throw new InputException("--preview shows --conversations; name some, or leave it out.");
            template.RefuseIfGiven(arguments, "--conversations");
            return null;
        }

        foreach (var other in (ReadOnlySpan<string>)["--text", "--text-weight", "--text-column"])
        {
            if (
                arguments.CommandResult.Command.Options.FirstOrDefault(option => option.Name == other) is { } option
                && arguments.Has(option)
            )
                throw new InputException(
                    $"--conversations are read in the place of a text, and {other} is about a text; leave one of them out."
                );
        }

        if (Array.Find(named, path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
            throw new InputException($"There is no file or folder '{missing}'; give --conversations an existing one.");
        return template.Read(arguments) with { Paths = named };
    }
}
