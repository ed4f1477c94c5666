using System.CommandLine;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine;

/// <summary>Says in one sentence what is wrong with a command line and what to do.</summary>
internal static class WrongArguments
{
    /// <summary>The sentence about the first error.</summary>
    public static string Describe(ParseResult arguments)
    {
        var command = arguments.CommandResult.Command;
        var isRoot = command is RootCommand;
        var help = Help(command);
        if (arguments.UnmatchedTokens is [var unknown, ..])
        {
            if (unknown.StartsWith('-'))
                return UnknownOption(arguments, unknown);

            return isRoot
                ? $"There is no command '{unknown}'; {NearestNames.Question(unknown, command.Subcommands.Select(sub => sub.Name)) ?? help + "."}"
                : $"'{command.Name}' can do nothing with '{unknown}'; {help}.";
        }

        if (isRoot)
            return $"Give a command; {help}.";
        if (command.Arguments.FirstOrDefault(IsMissing) is { } missing)
            return Missing(command, missing);

        // The sentences of the options' own parsers come first: what follows from them says less.
        var message = arguments.Errors[0].Message;
        return message.StartsWith("--", StringComparison.Ordinal) ? message : $"{message} {char.ToUpperInvariant(help[0])}{help[1..]}.";

        bool IsMissing(Argument argument) =>
            argument.Arity.MinimumNumberOfValues > 0 && arguments.GetResult(argument) is not { Tokens.Count: > 0 };
    }

    /// <summary>The sentence about an argument that isn't given.</summary>
    public static string Missing(Command command, Argument argument) =>
        $"'{command.Name}' needs a {argument.Name}; {(argument.Name == "MODEL" ? "'list' shows the models" : Help(command))}.";

    /// <summary>The sentence about an option that the command doesn't have.</summary>
    public static string UnknownOption(ParseResult arguments, string unknown)
    {
        var command = arguments.CommandResult.Command;
        var isRoot = command is RootCommand;
        var options = AllOptions(arguments).Where(option => !option.Hidden).Select(option => option.Name);
        return $"There is no option '{unknown}'{(isRoot ? "" : $" in '{command.Name}'")}; {NearestNames.Question(unknown, options) ?? Help(command) + "."}";
    }

    private static string Help(Command command) =>
        command is RootCommand ? "--help lists the commands" : $"'{command.Name} --help' lists the options";

    private static IEnumerable<Option> AllOptions(ParseResult arguments) =>
        arguments.CommandResult.Command.Options.Concat(arguments.RootCommandResult.Command.Options.Where(option => option.Recursive));
}
