using System.CommandLine;
using System.Text.Json;
using LowRank.Training.Checkpoints;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Experiments;
using LowRank.Training.FineTuning;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>experiment-run FOLDER</c>: the process of one run of an experiment; ends when its input does.</summary>
internal static class ExperimentRunCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Command Create(AppSession app)
    {
        var folder = new Argument<string>("FOLDER");
        var command = new Command(RunProcess.ExperimentRunName, "Train one run of an experiment.") { folder };
        command.Hidden = true;
        command.SetAction(arguments => Train(app, arguments.GetRequiredValue(folder)));
        return command;
    }

    private static int Train(AppSession app, string folder)
    {
        var watch = new Thread(() =>
        {
            app.Console.Input.ReadToEnd();
            try
            {
                app.Signals.Request();
            }
            catch (ObjectDisposedException)
            {
                // The run was over first.
            }
        })
        { IsBackground = true };
        watch.Start();
        using var only = Lock(Path.Combine(folder, "lock"), app.Stop);
        var plan = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RunProcess.PlanName)), ExperimentJson.Default.RunPlan)!;
        using var data = Text(app, plan, plan.Corpus);
        var result = VariantRun.Train(app, ModelLookup.Find(plan.Model), plan.Variant, data, plan.Options with { Output = folder, Resume = true });
        if (result.Stopped)
            return app.Signals.ExitCodeWhenStopped;
        var stored = new StoredRun(plan, result with { Checkpoint = null }, MedianTime.Of(Path.Combine(folder, VariantRun.MetricsName)), null, data.Fingerprint)
        {
            TrainedParameters = plan.Options.FineTuning is null ? null : Trained(plan.Options),
            AlsoLoss = plan.Also is null ? null : Also(app, plan, result.Checkpoint!),
        };
        AtomicFile.Write(Path.Combine(folder, RunProcess.ResultName), JsonSerializer.SerializeToUtf8Bytes(stored, ExperimentJson.Default.StoredRun));
        return ExitCode.Success;
    }

    // Weights from elsewhere mean nothing to another tokenizer's ids: theirs, unless one is named.
    private static TokenDataset Text(AppSession app, RunPlan plan, CorpusOptions corpus) =>
        TextPreparation.Prepare(app, corpus.TokenizerPath is null && plan.Options is { From: { } from, ReplaceTokenizer: false }
            ? corpus with { TokenizerPath = Checkpoint.Open(from).ExistingTokenizer() }
            : corpus);

    private static long Trained(TrainingOptions options)
    {
        using var model = Checkpoint.Open(options.From!).LoadModel(options.Device, options.Precision);
        FineTuner.Plan(model, options.FineTuning!).ApplyTo(model, options.FineTuning!);
        return FineTuningCost.Of(model, options).TrainableParameters;
    }

    private static double Also(AppSession app, RunPlan plan, string checkpoint)
    {
        using var data = Text(app, plan, plan.Also!);
        using var model = Checkpoint.Open(checkpoint).LoadModel(plan.Options.Device, plan.Options.Precision);
        return Evaluator.Evaluate(model, data.Validation, plan.Options.Context, plan.Options.FinalEvaluationSequences).Loss;
    }

    // After the experiment was killed, its last run may still be saving.
    private static FileStream Lock(string path, CancellationToken stop)
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                stop.ThrowIfCancellationRequested();
                Thread.Sleep(50);
            }
        }
    }
}
