using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>An option that a message or a page names is one of the command that it speaks of, or of every command that prints it.</summary>
public sealed partial class SuggestedOptionTests
{
    private static readonly string[] Runs = ["train", "compare", "finetune"];
    private static readonly string[] Texts = [.. Runs, "evaluate"];

    // Which commands print what a file says; a file and an option for what is printed by fewer of them.
    private static readonly Dictionary<string, string[]> Speakers = new(StringComparer.Ordinal)
    {
        ["CommandLine/AppRanks.cs"] = ["train", "compare", "finetune"],
        ["CommandLine/Commands/CompareCommand.cs"] = ["compare"],
        ["CommandLine/Commands/DataCommand.cs"] = ["data"],
        ["CommandLine/Options/DeclaredPipeline.cs"] = ["data"],
        ["Pipelines/TaskShare.cs"] = ["data"],
        ["CommandLine/Commands/DeclarationFile.cs"] = ["import"],
        ["CommandLine/Commands/DescribeCommand.cs"] = ["describe"],
        ["CommandLine/Commands/DescriptionOptionSet.cs"] = ["describe"],
        ["CommandLine/Commands/EvaluateCommand.cs"] = ["evaluate"],
        ["CommandLine/Commands/ExploreCommand.cs"] = ["explore"],
        ["CommandLine/Commands/ExperimentCommand.cs"] = ["experiment"],
        ["CommandLine/Commands/ExportCommand.cs"] = ["export"],
        ["CommandLine/Commands/FineTuneCommand.cs"] = ["finetune"],
        ["CommandLine/Commands/GenerateCommand.cs"] = ["generate"],
        ["CommandLine/Commands/ImportCommand.cs"] = ["import"],
        ["CommandLine/Commands/TrainCommand.cs"] = ["train"],
        ["CommandLine/Commands/VariantOption.cs"] = ["compare"],
        ["CommandLine/Commands/ChatRun.cs"] = ["generate"],
        ["CommandLine/Options/ChatOptionSet.cs"] = ["generate"],
        ["CommandLine/Options/ChatTemplateOption.cs"] = ["train", "finetune", "evaluate", "generate"],
        ["CommandLine/Options/ConversationOptionSet.cs"] = ["train", "finetune", "evaluate"],
        ["CommandLine/Options/ConversationOptionSet.cs --preview"] = ["train", "finetune"],
        ["CommandLine/Options/CorpusOptionSet.cs"] = Texts,
        ["CommandLine/Options/DeviceOptionSet.cs"] = [.. Texts, "generate"],
        ["CommandLine/Options/FlagNames.cs"] = ["export"],
        ["CommandLine/Options/FlagNames.cs --chat-template"] = ["train", "finetune", "evaluate", "generate"],
        ["CommandLine/Options/PromptOptionSet.cs"] = ["generate"],
        ["CommandLine/Options/RankOptionSet.cs"] = ["describe"],
        ["CommandLine/Options/TaskOptionSet.cs"] = ["evaluate"],
        ["CommandLine/Options/TokenizerOption.cs"] = ["train", "compare"],
        ["CommandLine/Options/TokenizerOption.cs --replace-tokenizer"] = ["train"],
        ["CommandLine/Options/TrainingOptionSet.cs"] = Runs,
        ["CommandLine/Options/TrainingOptionSet.cs --method"] = ["finetune"],
        ["CommandLine/ResumeCommand.cs"] = Runs,
        ["CommandLine/RunFolder.cs"] = Runs,
        ["CommandLine/Watching/ChildProcess.cs"] = ["describe"],
        ["CommandLine/Watching/PageServer.cs"] = ["describe"],
        ["CommandLine/Watching/ProjectSearch.cs"] = ["describe"],
        ["CommandLine/Experiments/ExperimentRuns.cs"] = ["experiment"],
        ["CommandLine/Commands/ImportedTokenizer.cs"] = ["import"],
    };

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    [Fact]
    public void Every_option_that_a_message_names_is_one_of_the_commands_that_print_it()
    {
        var wrong = new List<string>();
        var seen = 0;
        var source = Path.Combine(Root, "src", "LowRank.Training");
        foreach (var path in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories))
        {
            var file = Path.GetRelativePath(source, path).Replace('\\', '/');
            if (file.StartsWith("obj/", StringComparison.Ordinal) || file.StartsWith("bin/", StringComparison.Ordinal))
                continue;
            foreach (var line in File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                foreach (var (option, commands) in Named(file, line))
                {
                    seen++;
                    if (commands.Length == 0)
                        wrong.Add($"{file} names {option}: say in {nameof(Speakers)} which commands print it.");
                    wrong.AddRange(
                        commands
                            .Where(command => !Options(command).Contains(option))
                            .Select(command => $"{file}: '{command}' has no {option}")
                    );
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
        Assert.True(seen > 30, $"Only {seen} were found.");
    }

    [Fact]
    public void Every_command_line_of_the_documentation_is_one_that_the_program_takes()
    {
        var (wrong, seen) = (new List<string>(), 0);
        foreach (
            var page in Directory
                .EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Append(Path.Combine(Root, "README.md"))
        )
        {
            var text = File.ReadAllText(page);
            foreach (Match match in CommandLines().Matches(text))
            {
                seen++;
                var errors = Commands.Parse([.. Words().Matches(match.Groups[1].Value).Select(word => word.Value.Trim('"'))]).Errors;
                wrong.AddRange(errors.Select(error => $"{Path.GetFileName(page)}: {match.Groups[1].Value}: {error.Message}"));
            }

            // Within a sentence a command is rarely whole.
            foreach (
                Match match in InlineCommands()
                    .Matches(text)
                    .Where(match => Commands.Subcommands.Any(command => command.Name == match.Groups[1].Value))
            )
            {
                foreach (Match option in OptionNames().Matches(match.Groups[2].Value))
                {
                    seen++;
                    if (!Options(match.Groups[1].Value).Contains(option.Value))
                        wrong.Add($"{Path.GetFileName(page)}: '{match.Groups[1].Value}' has no {option.Value}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
        Assert.True(seen > 40, $"Only {seen} were found.");
    }

    // The options that a line of source names, each with the commands that it has to belong to.
    private static IEnumerable<(string Option, string[] Commands)> Named(string file, string line)
    {
        var called = CommandArrays().Match(line);
        foreach (Match literal in Literals().Matches(line))
        {
            var text = literal.Groups[1].Value;
            foreach (Match option in OptionNames().Matches(text))
            {
                if (option.Value is "--help" or "--verbose")
                    continue;
                if (text == option.Value)
                {
                    // An option by itself is its definition, or an argument of a command that is put together.
                    if (called.Success)
                        yield return (option.Value, [called.Groups[1].Value]);
                    continue;
                }

                var quoted = QuotedCommands()
                    .Matches(text)
                    .FirstOrDefault(match => match.Index < option.Index && option.Index < match.Index + match.Length);
                yield return (
                    option.Value,
                    quoted is not null
                        ? [quoted.Groups[1].Value]
                        : Speakers.GetValueOrDefault($"{file} {option.Value}") ?? Speakers.GetValueOrDefault(file) ?? []
                );
            }
        }
    }

    private static RootCommand Commands { get; } = EveryCommand.Create();

    private static HashSet<string> Options(string command) =>
        [.. Commands.Subcommands.Single(candidate => candidate.Name == command).Options.Select(option => option.Name)];

    private static string Here([CallerFilePath] string here = "") => here;

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literals();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*")]
    private static partial Regex OptionNames();

    [GeneratedRegex("'(train|compare|finetune|evaluate|generate|import|export|experiment) [^']*'")]
    private static partial Regex QuotedCommands();

    [GeneratedRegex("\\[\"(train|compare|finetune|evaluate|generate|import|export|experiment)\"")]
    private static partial Regex CommandArrays();

    [GeneratedRegex(
        @"^(?:dotnet run [^\n]*Examples --|myprogram|…) ((?:train|compare|finetune|evaluate|generate|import|export|experiment|describe|list) [^\n]*)$",
        RegexOptions.Multiline
    )]
    private static partial Regex CommandLines();

    [GeneratedRegex("`([a-z]+) ([^`\n]*)`")]
    private static partial Regex InlineCommands();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Words();
}
