using System.CommandLine;
using System.CommandLine.Parsing;

namespace LowRank.Training.CommandLine;

/// <summary>What holds for every option and argument, whatever it takes: given once, unless it is a list, and not empty.</summary>
internal static class GivenOptions
{
    /// <summary>Refuses what is given twice or given as nothing.</summary>
    /// <exception cref="InputException">It is; the option and its values are named.</exception>
    public static void Check(ParseResult arguments)
    {
        foreach (var result in arguments.CommandResult.Children.Concat(arguments.RootCommandResult.Children))
        {
            switch (result)
            {
                case OptionResult { Implicit: false } option:
                    Check(option);
                    // What follows an option is taken for its value. A prompt may be any text.
                    if (option.Option.Name != Options.PromptOptionSet.PromptName && option.Tokens.FirstOrDefault(IsOption) is { } unknown)
                        throw new InputException(WrongArguments.UnknownOption(arguments, unknown.Value));
                    break;
                case ArgumentResult argument when argument.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)):
                    throw new InputException(
                        $"{argument.Argument.Name} is empty; '{arguments.CommandResult.Command.Name} --help' says what it takes."
                    );
            }
        }
    }

    /// <summary>Whether an option was given, and not left to its default.</summary>
    public static bool Has(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    private static bool IsOption(Token token) => token.Value.StartsWith("--", StringComparison.Ordinal);

    private static void Check(OptionResult result)
    {
        var option = result.Option;
        if (!option.ValueType.IsArray && result.IdentifierTokenCount > 1)
        {
            throw new InputException(
                result.Tokens.Count > 1
                    ? $"{option.Name} is given twice, as {string.Join(" and as ", result.Tokens.Select(token => $"'{token.Value}'"))}; leave out all but one."
                    : $"{option.Name} is given twice; leave out one."
            );
        }

        // An empty text is one to go on with: the model begins its own.
        if (option.Name != Options.PromptOptionSet.PromptName && result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            throw new InputException($"{option.Name} is given nothing but blanks; give it a {option.HelpName}, or leave it out.");
    }
}
