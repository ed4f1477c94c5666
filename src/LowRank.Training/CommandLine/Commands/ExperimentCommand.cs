using System.CommandLine;
using System.Globalization;
using LowRank.Training.CommandLine.Experiments;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Experiments;
using LowRank.Training.Experiments.Reports;
using LowRank.Training.Files;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>
/// <c>experiment FILE</c>: runs a declared matrix of models, variants, learning rates and seeds, and goes on where it was stopped.
/// </summary>
internal static class ExperimentCommand
{
    public static Command Create(AppSession app)
    {
        var path = new Argument<string>("FILE") { Description = "The experiment, a JSON file." };
        var only = new Option<string[]>("--only")
        {
            Description = "Run these contenders alone.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var parallel = NumberOption.Whole("--parallel", "Runs at once; each gets its part of the cores. Without it: 1.", 1, 256);
        var dry = new Option<bool>("--dry-run") { Description = "Print the runs with their steps, tokens and FLOPs, and what is left." };
        var render = new Option<bool>("--render") { Description = "Write the report from finished runs." };
        var retry = new Option<bool>("--retry") { Description = "Run failed runs again; without it they stay failed." };
        var summary = new Option<string?>("--summary")
        {
            Description =
                "Where the ratios to the baseline go as JSON: a new file or an earlier summary. Without it: summary.json beside the report.",
            HelpName = "FILE",
        };
        var command = new Command("experiment", "Run a matrix of models, variants, learning rates and seeds, and report.")
        {
            path,
            only,
            parallel,
            retry,
            dry,
            render,
            summary,
        };
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(render) && Array.Find<Option>([only, retry, dry], arguments.Has) is { } needless)
                throw new InputException(
                    $"--render reports what has finished and runs nothing, so {needless.Name} means nothing beside it; leave one out."
                );
            if (arguments.GetValue(parallel) > Environment.ProcessorCount)
                app.Say(
                    $"Note: --parallel {arguments.GetValue(parallel)} are more runs than the cores that there are ({Environment.ProcessorCount}); they wait for each other."
                );
            var file = ExperimentFile.Read(arguments.GetRequiredValue(path));
            new ExperimentMatrix(file).Check();
            CheckpointPlace.Refuse(file.Output, $"{file.Path}: output");
            WritableFolder.Check(file.Output, $"{file.Path}: output");
            ReportFolder.Check(file);
            if (arguments.GetValue(summary) is { } summaryPath)
                CheckpointPlace.Refuse(summaryPath, "--summary");
            SummaryFile.Check(arguments.GetValue(summary), file.Output);
            var names = arguments.GetValue(only) ?? [];
            if (names.FirstOrDefault(name => file.Contenders.All(contender => contender.Name != name)) is { } unknown)
                throw new InputException(
                    $"{file.Path} has no contender '{unknown}'; it has {string.Join(", ", file.Contenders.Select(contender => contender.Name))}."
                );
            Contender[] chosen = [.. file.Contenders.Where(contender => names.Length == 0 || names.Contains(contender.Name))];
            var run = new ExperimentRuns(app, file, arguments.GetValue(retry), (int)(arguments.GetValue(parallel) ?? 1));
            if (arguments.GetValue(dry))
            {
                // What would be run is worth reading also where it can't be run here.
                new ExperimentOutlook(app, file).Print(chosen);
                new ExperimentInputs(file).Check(run.Left(chosen));
                return ExitCode.Success;
            }

            // What is finished is reported on machines that have neither its text nor its device.
            if (!arguments.GetValue(render))
                new ExperimentInputs(file).Check(run.Left(chosen));
            // The runs' processes take their own folders beneath it.
            using var held = arguments.GetValue(render) ? null : RunLock.Acquire(file.Output);
            if (!arguments.GetValue(render) && !run.Train(chosen))
            {
                app.Say("Stopped; what is done is saved. To go on:");
                app.Say(ShellText.Command(app.Arguments));
                return app.Signals.ExitCodeWhenStopped;
            }

            var failed = run.Report(arguments.GetValue(summary), ShellText.Command(Repeating()));
            // Rendering runs nothing, and what --only leaves out is nobody's concern now.
            return !arguments.GetValue(render) && failed.Any(one => chosen.Any(contender => contender.Name == one.Plan.Contender))
                ? ExitCode.Failure
                : ExitCode.Success;

            // The command that makes all runs of the report, whatever part of them this call has made.
            string[] Repeating() =>
                [
                    "experiment",
                    arguments.GetRequiredValue(path),
                    .. arguments.GetValue(parallel) is { } count
                        ? ["--parallel", ((int)count).ToString(CultureInfo.InvariantCulture)]
                        : Array.Empty<string>(),
                    .. arguments.GetValue(summary) is { } place ? ["--summary", place] : Array.Empty<string>(),
                ];
        });
        return command;
    }
}
