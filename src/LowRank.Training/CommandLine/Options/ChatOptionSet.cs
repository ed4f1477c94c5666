using System.CommandLine;
using LowRank.Training.Conversations;

namespace LowRank.Training.CommandLine.Options;

/// <summary>The options of a conversation with a model.</summary>
internal sealed class ChatOptionSet
{
    private readonly Option<bool> chat = new("--chat")
    {
        Description = "A conversation by the model's chat template: a line of standard input is a turn, or --prompt the only one.",
    };

    private readonly Option<string?> system = new("--system")
    {
        Description = "What the conversation begins with, for the role system.",
        HelpName = "TEXT",
    };

    private readonly ChatTemplateOption template = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(chat);
        command.Options.Add(system);
        template.AddTo(command);
    }

    /// <summary>What the model is told at first; null for nothing.</summary>
    public string? Instruction(ParseResult arguments) => arguments.GetValue(system);

    /// <summary>How the conversation becomes text; null where texts are to be continued as they are.</summary>
    /// <exception cref="InputException">An option is given that has no meaning without --chat, or none beside it.</exception>
    public ConversationOptions? Read(ParseResult arguments, PromptOptionSet prompts)
    {
        if (arguments.GetValue(chat))
        {
            prompts.CheckChat(arguments);
            return template.Read(arguments);
        }

        if (arguments.Has(system))
            throw new InputException("--system is about conversations, and --chat isn't given; leave it out.");
        template.RefuseIfGiven(arguments, "--chat");
        return null;
    }
}
