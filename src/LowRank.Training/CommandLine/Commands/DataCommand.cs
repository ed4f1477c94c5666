using System.CommandLine;
using System.Globalization;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Documents;
using LowRank.Training.Files;
using LowRank.Training.Pipelines;
using LowRank.Training.Reporting.Pages;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>data FILE</c>: from files of documents to filtered text and tokens.</summary>
internal static class DataCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "data";

    private const int MostReasons = 3;

    public static Command Create(AppSession app)
    {
        var declared = new DeclaredPipeline();
        var tasks = NumberOption.Whole("--tasks", "Processes that share the work; each is told its own --task.", 1, int.MaxValue);
        var task = NumberOption.Whole(
            "--task",
            "Which of --tasks this process is, from 0. Without both: what MPI, torchrun, Slurm or Kubernetes say; else everything is done here.",
            0,
            int.MaxValue
        );
        var wait = new Option<bool>("--wait") { Description = "Wait for other tasks where they come first, instead of ending." };
        var threads = NumberOption.Whole("--threads", "Threads of this process. Without it: one for each core.", 1, 4096);
        var dry = new Option<bool>("--dry-run") { Description = "Print the steps with their thresholds and the input, and do nothing." };
        var command = new Command(Name, "Filter and deduplicate documents of the web, and make tokens of them.");
        declared.AddTo(command);
        foreach (var option in new Option[] { tasks, task, wait, threads, dry })
            command.Options.Add(option);
        command.SetAction(arguments =>
        {
            var pipeline = declared.Read(arguments);
            var share = Share(app, arguments.GetValue(task), arguments.GetValue(tasks));
            var job = PipelineJob.Of(pipeline, app.Stop);
            SayPassedOver(app, job.Plan);
            if (arguments.GetValue(dry))
            {
                PrintPlan(app, job.Plan);
                return ExitCode.Success;
            }

            var count = (int)(arguments.GetValue(threads) ?? Environment.ProcessorCount);
            string? missing;
            try
            {
                missing = job.Run(share, count, arguments.GetValue(wait), new SaidProgress(app), app.Stop);
            }
            catch (OperationCanceledException) when (app.Stop.IsCancellationRequested)
            {
                app.Say("Stopped; finished tasks stay finished. To go on, start the same command again.");
                return app.Signals.ExitCodeWhenStopped;
            }

            if (missing is not null)
            {
                app.Say(
                    $"This process has done what it could: {missing}. Start the same command again when that is done, or let it --wait."
                );
                return ExitCode.Success;
            }

            var report = job.Report();
            AtomicFile.Write(job.Folder.Page, System.Text.Encoding.UTF8.GetBytes(PipelinePage.Render(report, job.Plan, app.Say)));
            Print(app, report, job.Folder);
            return ExitCode.Success;
        });
        return command;
    }

    private static TaskShare Share(AppSession app, long? task, long? tasks)
    {
        if (task is { } number && tasks is { } count)
            return number < count
                ? new TaskShare((int)number, (int)count)
                : throw new InputException(
                    string.Create(CultureInfo.InvariantCulture, $"--task {number} is none of {count} tasks, which are counted from 0.")
                );
        if (task is not null)
            throw new InputException("--task says which part is done here, and --tasks of how many; give both.");
        if (TaskShare.FromLauncher(Environment.GetEnvironmentVariable, (int?)tasks) is { } found)
        {
            if (tasks is { } asked && asked != found.Share.Tasks)
                throw new InputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"--tasks {asked} contradicts {found.Source}, which say {found.Share.Tasks}; leave it out, or give --task as well."
                    )
                );
            app.Say(string.Create(CultureInfo.InvariantCulture, $"Task {found.Share.Task} of {found.Share.Tasks}, by {found.Source}."));
            return found.Share;
        }

        return tasks is null or 1
            ? TaskShare.All
            : throw new InputException("--tasks says how many processes share the work, and nothing says which this is; give --task.");
    }

    private static void SayPassedOver(AppSession app, PipelinePlan plan)
    {
        if (plan.SkippedFiles.Count == 0)
            return;
        app.Say(
            $"Passed over in folders: {SkippedCount.ByReason(plan.SkippedFiles)}{(app.Verbose ? "" : " (--verbose names what was passed over.)")}"
        );
        if (app.Verbose)
        {
            foreach (var file in plan.SkippedFiles)
                app.Say($"Passed over, {file.Reason}: {file.Path}");
        }
    }

    private static void PrintPlan(AppSession app, PipelinePlan plan)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("step");
        table.AddColumn("options");
        foreach (var step in plan.Steps)
            table.AddRow(
                new Text(step["step"]!.GetValue<string>()),
                new Text(
                    string.Join(
                        ", ",
                        step.Where(option => option.Key != "step")
                            .Select(option => $"{option.Key} {option.Value?.ToJsonString() ?? "null"}")
                    )
                )
            );
        app.Console.Results.Write(table);
        app.Console.Output.WriteLine(
            $"{Quantity.Count(plan.Units.Count)} {(plan.Units.Count == 1 ? "file" : "files")} of {Quantity.Bytes(plan.Units.Sum(unit => unit.Length))}"
        );
    }

    private static void Print(AppSession app, PipelineReport report, PipelineFolder folder)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("step");
        foreach (var head in new[] { "documents", "dropped", "" })
            table.AddColumn(new TableColumn(head) { Alignment = Justify.Right });
        table.AddColumn("most often");
        foreach (var step in report.Steps)
            table.AddRow(
                new Text(step.Step),
                new Text(Quantity.Count(step.Documents)),
                new Text(Quantity.Count(step.Dropped)),
                new Text(
                    step.Documents == 0 ? "–" : (100.0 * step.Dropped / step.Documents).ToString("0.0", CultureInfo.InvariantCulture) + " %"
                ),
                new Text(
                    string.Join(
                        ", ",
                        step.Reasons.OrderByDescending(reason => reason.Value)
                            .ThenBy(reason => reason.Key, StringComparer.Ordinal)
                            .Take(MostReasons)
                            .Select(reason => $"{reason.Key} {Quantity.Count(reason.Value)}")
                    )
                )
            );
        app.Console.Results.Write(table);
        app.Console.Output.WriteLine(
            $"Of {Quantity.Count(report.Documents)} documents ({Quantity.Bytes(report.Bytes)}) {Quantity.Count(report.Kept)} are left ({Quantity.Bytes(report.KeptBytes)})."
        );
        if (report.WithoutText.Count > 0)
            app.Say(
                $"Records without text: {string.Join(", ", report.WithoutText.Select(reason => $"{Quantity.Count(reason.Value)} {reason.Key}"))}."
            );
        if (report.Broken > 0)
            app.Say($"Passed over broken records: {Quantity.Count(report.Broken)}, of which the first: {report.FirstBroken}.");
        if (report.UnreadableFiles > 0)
            app.Say($"Passed over files that can't be read: {Quantity.Count(report.UnreadableFiles)}; the report names them.");
        app.Console.Output.WriteLine($"The report: {folder.Page}");
        if (report.Kept == 0)
        {
            app.Say("No document is left; the report says which step has dropped them, and why.");
            return;
        }

        app.Console.Output.WriteLine(
            report.Tokens is { } tokens ? $"{Quantity.Count(tokens)} tokens: {folder.Tokens}" : $"The documents: {folder.Documents}"
        );
        app.Console.Output.WriteLine(
            $"To train on it: train MODEL --text {ShellText.Quote(report.Tokens is null ? folder.Documents : folder.Tokens)}"
        );
    }
}
