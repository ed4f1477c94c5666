using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using System.Text.RegularExpressions;
using LowRank.Training.Runs.Options;
using LowRank.Training.Tests.Runs;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>The page of commands is what the command line is put together from.</summary>
public sealed partial class CommandPageTests
{
    // What other commands share with them, such as --device, has no page of its own.
    private const int MostShared = 5;

    // Each has a table of its own, with defaults and what a resume may change.
    private static readonly (HashSet<string> Flags, string Sentence)[] Elsewhere =
    [
        ([.. DeclaredFineTuningOptions.All.Select(option => $"--{option.Flag}")], "Those [of the method](finetuning.md#options)."),
        ([.. DeclaredTrainingOptions.All.Select(option => $"--{option.Flag}")], "Those [of training](training.md#options)."),
    ];

    [Fact]
    public void Every_command_and_option_is_on_the_page()
    {
        var text = new StringBuilder();
        foreach (var command in EveryCommand.Create().Subcommands.Where(command => !command.Hidden))
            Write(text, command);
        WrittenTable.AssertIn("commands.md", text.ToString());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("src/LowRank.Training/Package/README.md")]
    public void Every_command_is_said_once_where_newcomers_read(string file)
    {
        var cells = File.ReadLines(WrittenTable.PathOf(Path.Combine("..", file)))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[0]);
        var said = cells.SelectMany(cell => Name().Matches(cell).Select(match => match.Groups[1].Value));
        var commands = EveryCommand.Create().Subcommands.Where(command => !command.Hidden).Select(command => command.Name);
        Assert.Equal(commands.Order(), said.Order());
    }

    [GeneratedRegex("`([a-z]+)")]
    private static partial Regex Name();

    private static void Write(StringBuilder text, Command command)
    {
        var arguments = string.Concat(command.Arguments.Where(argument => !argument.Hidden).Select(Usage));
        text.Append($"\n## {command.Name}\n\n`{command.Name}{arguments}`: {command.Description}\n\n");
        foreach (var argument in command.Arguments.Where(argument => !argument.Hidden))
            text.Append($"`{argument.Name}`: {Says(argument.Description)}\n\n");
        var options = command.Options.Where(option => !option.Hidden && option is not HelpOption).ToList();
        var isFineTuning = options.Any(option => option.Name == "--method");
        var tables = Elsewhere
            .Skip(isFineTuning ? 0 : 1)
            .Where(table => options.Count(option => table.Flags.Contains(option.Name)) > MostShared)
            .ToList();
        text.Append("| option | says |\n|---|---|\n");
        foreach (var option in options.Where(option => !tables.Exists(table => table.Flags.Contains(option.Name))))
            text.Append($"| `{option.Name}{Value(option)}` | {Cell(option.Description)}{(option.Required ? " Required." : "")} |\n");
        foreach (var table in tables)
            text.Append($"\n{table.Sentence}\n");
    }

    private static string Usage(Argument argument) =>
        argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]";

    private static string Value(Option option) => option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? "VALUE"}";

    // A program's help names its models, which other tests declare meanwhile.
    private static string? Says(string? description) =>
        description?.StartsWith("A declared model", StringComparison.Ordinal) == true
            ? "A declared model; `list` shows them."
            : description;

    private static string? Cell(string? description) => Says(description)?.Replace("|", "\\|", StringComparison.Ordinal);
}
