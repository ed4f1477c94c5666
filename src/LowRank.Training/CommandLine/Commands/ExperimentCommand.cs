using System.CommandLine;
using LowRank.Training.Experiments;
using LowRank.Training.Reporting;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>experiment FILE</c>: runs a declared matrix of models, variants, learning rates and seeds, and goes on where it was stopped.</summary>
internal static class ExperimentCommand
{
    public static Command Create(AppSession app)
    {
        var path = new Argument<string>("FILE") { Description = "The experiment, a JSON file." };
        var only = new Option<string?>("--only") { Description = "Run this contender alone.", HelpName = "NAME" };
        var dry = new Option<bool>("--dry-run") { Description = "Print the runs with their steps, tokens and FLOPs." };
        var render = new Option<bool>("--render") { Description = "Write the report from finished runs." };
        var summary = new Option<string?>("--summary") { Description = "Write the ratios to the baseline as JSON.", HelpName = "FILE" };
        var command = new Command("experiment", "Run a matrix of models, variants, learning rates and seeds, and report.") { path, only, dry, render, summary };
        command.SetAction(arguments =>
        {
            var file = ExperimentFile.Read(arguments.GetRequiredValue(path));
            var name = arguments.GetValue(only);
            if (name is not null && file.Contenders.All(contender => contender.Name != name))
                throw new InputException($"{file.Path} has no contender '{name}'; it has {string.Join(", ", file.Contenders.Select(contender => contender.Name))}.");
            Contender[] chosen = [.. file.Contenders.Where(contender => name is null || contender.Name == name)];
            if (arguments.GetValue(dry))
                return DryRun(app, file, chosen);
            var run = new ExperimentRuns(app, file);
            if (!arguments.GetValue(render) && !run.Train(chosen))
            {
                app.Say("Stopped; what is done is saved. To go on:");
                app.Say(ShellText.Command(app.Arguments));
                return app.Signals.ExitCodeWhenStopped;
            }

            run.Report(arguments.GetValue(summary), ShellText.Command(app.Arguments));
            return ExitCode.Success;
        });
        return command;
    }

    private static int DryRun(AppSession app, ExperimentFile file, Contender[] chosen)
    {
        var matrix = new ExperimentMatrix(file);
        var (all, count) = (0m, 0);
        foreach (var contender in chosen)
        {
            foreach (var plan in matrix.Sweep(contender).Concat(matrix.Final(contender, null)))
            {
                var (options, flops) = (plan.Options, ExperimentMatrix.Flops(plan));
                (all, count) = (all + flops, count + 1);
                app.Console.Output.WriteLine(
                    $"{plan.Id}: {Quantity.Count(options.Steps)} steps, {Quantity.Count((decimal)options.Steps * options.SequencesPerStep * options.Context)} tokens, {Quantity.Flops(flops)} FLOPs");
            }
        }

        app.Console.Output.WriteLine($"In all: {count} runs, {Quantity.Flops(all)} FLOPs (paper convention).");
        return ExitCode.Success;
    }
}
