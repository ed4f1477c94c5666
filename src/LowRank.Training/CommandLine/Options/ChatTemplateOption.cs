using System.CommandLine;
using LowRank.Training.Conversations;

namespace LowRank.Training.CommandLine.Options;

/// <summary>Which chat template is used. Commands that have it have <c>--special-tokens</c>, too.</summary>
internal sealed class ChatTemplateOption
{
    private readonly Option<string?> file = new("--chat-template")
    {
        Description =
            "A file with a chat template (Jinja) to use instead of the model's own; none for the plain form of prompts and instructions.",
        HelpName = "FILE",
    };

    /// <summary>The option.</summary>
    public IReadOnlyList<Option> All => [file];

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(file);

    /// <summary>What they say together.</summary>
    /// <exception cref="InputException">The file is missing.</exception>
    public ConversationOptions Read(ParseResult arguments)
    {
        var path = arguments.GetValue(file);
        if (path is not null && path != ConversationModel.NoTemplate && !File.Exists(path))
            throw new InputException(
                $"There is no file '{path}'; give --chat-template an existing one, or {ConversationModel.NoTemplate}."
            );
        return new ConversationOptions { ChatTemplate = path, TrustSpecialTokens = arguments.GetValue<bool>(SpecialTokensOption.Name) };
    }

    /// <summary>Refuses the option where it has no meaning.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="without">The option without which it has none.</param>
    /// <exception cref="InputException">It is given.</exception>
    public void RefuseIfGiven(ParseResult arguments, string without)
    {
        if (arguments.Has(file))
            throw new InputException($"{file.Name} is about conversations, and {without} isn't given; leave it out.");
    }
}
