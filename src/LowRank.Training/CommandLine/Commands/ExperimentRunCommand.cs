using System.CommandLine;
using System.Text.Json;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Experiments;
using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Experiments;
using LowRank.Training.Files;
using LowRank.Training.FineTuning;
using LowRank.Training.Reporting;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>experiment-run FOLDER</c>: the process of one run of an experiment; ends when its input does.</summary>
internal static class ExperimentRunCommand
{
    // After the experiment was killed, its last run may still be saving.
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
        var input = app.Console.Input;
        var watch = new Thread(() =>
        {
            input.ReadToEnd();
            try
            {
                app.Signals.Request();
            }
            catch (ObjectDisposedException)
            {
                // The run was over first.
            }
        })
        {
            IsBackground = true,
        };
        watch.Start();
        using var held = RunLock.Acquire(folder, Patience, app.Stop);
        var plan = StoreFile.ReadPlan(Path.Combine(folder, RunProcess.PlanName));
        if (plan.Options.Tf32)
            Tf32.TurnOn();
        var (start, text) = plan.Options.From is { } from
            ? CheckpointArgument.Read<(Checkpoint?, TokenDataset)>(app, from, found => (found, Text(app, found, plan)))
            : (null, Text(app, null, plan));
        using var data = text;
        var result = VariantRun.Train(
            app,
            ModelLookup.Find(plan.Model),
            plan.Variant,
            data,
            plan.Options with
            {
                Output = folder,
                Resume = true,
            },
            held,
            start
        );
        if (result.Stopped)
            return app.Signals.ExitCodeWhenStopped;
        var stored = new StoredRun(
            plan,
            result with
            {
                Checkpoint = null,
            },
            MedianTime.Of(Path.Combine(folder, MetricsLog.Name)),
            null,
            data.Fingerprint
        )
        {
            TrainedParameters = plan.Options.FineTuning is null ? null : Trained(app, start!, plan.Options),
            AlsoLoss = plan.Also is null ? null : Also(app, data, plan, result.Checkpoint!),
        };
        AtomicFile.Write(
            Path.Combine(folder, RunProcess.ResultName),
            JsonSerializer.SerializeToUtf8Bytes(stored, ExperimentJson.Default.StoredRun)
        );
        return ExitCode.Success;
    }

    // Weights from elsewhere mean nothing to another tokenizer's ids: theirs, unless one is named.
    private static TokenDataset Text(AppSession app, Checkpoint? start, RunPlan plan)
    {
        var corpus = TakesTokenizerOf(start is not null, plan, plan.Corpus)
            ? plan.Corpus with
            {
                TokenizerPath = start!.ExistingTokenizer(),
            }
            : plan.Corpus;
        if (plan.Conversations is not { } said)
            return TextPreparation.Prepare(app, corpus);
        var companions = start is null || plan.Options.ReplaceTokenizer ? CompanionFiles.None : start.Companions();
        return ConversationPreparation.Prepare(
            app,
            new ConversationModel(Tokenizer.Load(corpus.TokenizerPath!), companions, said),
            said,
            corpus
        );
    }

    private static bool TakesTokenizerOf(bool hasStart, RunPlan plan, CorpusOptions corpus) =>
        corpus.TokenizerPath is null && hasStart && !plan.Options.ReplaceTokenizer;

    private static long Trained(AppSession app, Checkpoint start, TrainingOptions options) =>
        NewestCheckpoint.Read(
            options.From!,
            start,
            app.Say,
            found =>
            {
                using var model = found.LoadModel(options.Device, options.Precision);
                FineTuner.Plan(model, options.FineTuning!).ApplyTo(model, options.FineTuning!);
                return FineTuningCost.Of(model, options).TrainableParameters;
            }
        );

    private static double Also(AppSession app, TokenDataset text, RunPlan plan, string checkpoint)
    {
        // The text's tokenizer is a copy of the checkpoint's, which may be gone by now.
        var also = TakesTokenizerOf(plan.Options.From is not null, plan, plan.Also!)
            ? plan.Also! with
            {
                TokenizerPath = text.TokenizerPath,
            }
            : plan.Also!;
        using var data = TextPreparation.Prepare(app, also);
        using var model = Checkpoint.Open(checkpoint).LoadModel(plan.Options.Device, plan.Options.Precision);
        return Evaluator
            .Evaluate(model, data, plan.Options.Context, plan.Options.FinalEvaluationSequences, documentMasks: plan.Options.DocumentMasks)
            .Loss;
    }
}
