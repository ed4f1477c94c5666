using System.CommandLine;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>describe MODEL</c>: what a model costs, as the compiler computed it.</summary>
internal static class DescribeCommand
{
    public static Command Create(AppSession app)
    {
        var model = ModelArgument.Create();
        var json = JsonOption.Create();
        var command = new Command("describe", "Show what a model costs, part by part.") { model, json };
        command.SetAction(arguments =>
        {
            var entry = ModelLookup.Find(arguments.GetRequiredValue(model));
            if (arguments.GetValue(json))
                DescriptionJson.Print(app.Console.Output, entry);
            else
                DescriptionTables.Print(app.Console.Results, entry);
            return ExitCode.Success;
        });
        return command;
    }
}
