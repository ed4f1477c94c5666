using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Files;
using LowRank.Training.FineTuning;
using LowRank.Training.Json;
using LowRank.Training.Loop;
using LowRank.Training.Pretrained;
using LowRank.Training.Reporting;
using LowRank.Training.Reporting.Comparing;
using LowRank.Training.Runs;
using LowRank.Training.Runs.Options;
using LowRank.Training.Tokenization;
using LowRank.Training.Weights;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>finetune CHECKPOINT</c>: trains a trained model on, on another text.</summary>
internal static class FineTuneCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "finetune";

    public static Command Create(AppSession app)
    {
        var checkpoint = CheckpointArgument.Create();
        var json = JsonOption.Create();
        var methods = new FineTuningOptionSet();
        var also = new Option<string[]>("--also")
        {
            Description =
                "Further text whose perplexity is measured before and after, such as the original one; sdk for the API documentation of the .NET SDK.",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
        };
        var training = new TrainingOptionSet(isFineTuning: true);
        var corpus = new CorpusOptionSet();
        var conversations = new ConversationOptionSet();
        var command = new Command(Name, "Train a trained model on: in full, by adapters, or factored.") { checkpoint, json, also };
        methods.AddTo(command);
        training.AddTo(command, withFrom: false);
        corpus.AddTo(command);
        conversations.AddTo(command);
        command.SetAction(arguments =>
        {
            var method = methods.Read(arguments);
            var said = conversations.Read(arguments);
            var from = arguments.GetRequiredValue(checkpoint);
            var start = CheckpointArgument.Open(app, from);
            var info = start.Info;
            var entry = start.FindEntry();
            // A guided run is over when its guides are gone.
            var variant = info is { Variant: Variant.Guided, Guides.Count: 0 } ? Variant.LowRank : info.Variant;
            var usual = new UsualOptions(
                info.Options.Context,
                LearningRate(method.Method, info.Changes is { Adapted.Count: > 0 }),
                method.Method == FineTuningMethod.GaLore ? OptimizerKind.GaLore : null
            );
            var options = training.Read(app, arguments, entry, defaults: null, usual) with { From = from, FineTuning = method };
            if (said is not null && conversations.Preview(arguments) is { } count)
                return ConversationPreview.Print(app, Model(start, said), said, count, options.Context, arguments.GetValue(json));
            // Before a text is prepared for minutes.
            TrainingOptionsCheck.ValidateVariant(options, entry, variant);
            TrainingOptionsCheck.ValidateMemory(options, entry, variant);
            using var reserved = training.Reserve(app, entry, ref options);
            RunBeginning.Check(entry, variant, options);
            (start, var text) = NewestCheckpoint.Read(
                from,
                start,
                app.Say,
                found =>
                {
                    var defaults = new CorpusOptions { TokenizerPath = found.ExistingTokenizer() };
                    var read = corpus.Read(arguments, defaults, info.Vocabulary);
                    OutputWithinText.Refuse(options.Output!, "--output", said?.Paths ?? read.TextPaths);
                    Announce(app, found, options);
                    return (
                        found,
                        said is null
                            ? TextPreparation.Prepare(app, read)
                            : ConversationPreparation.Prepare(app, Model(found, said), said, read)
                    );
                }
            );
            using var data = text;
            training.NoteShortText(app, arguments, options, data);
            RunLength.Say(app, options, data);
            // By now the checkpoint may be gone.
            var same = new CorpusOptions { TokenizerPath = data.TokenizerPath };
            using var other = Other(app, arguments.GetValue(also), corpus.Read(arguments, same, info.Vocabulary));
            using var held = RunFolder.Take(app, options.Output!, reserved);
            (start, var before) = NewestCheckpoint.Read(
                from,
                start,
                app.Say,
                found => (found, Measure(found, options, [data, other], app.Stop))
            );
            var result = VariantRun.Train(app, entry, variant, data, options, reserved ?? held, start, training.SaveRetry(arguments));
            if (!app.IsFirst)
                return ExitCode.Success;
            if (result.Stopped)
            {
                app.Say($"Stopped after step {result.Steps} of {options.Steps}; it is saved in {result.Checkpoint}. To go on:");
                app.Say(ResumeCommand.For(app, options.Output!));
                return app.Signals.ExitCodeWhenStopped;
            }

            ResultsFile.Write(Path.Combine(options.Output!, ResultsFile.Name), [result]);
            var tuned = Checkpoint.Open(options.Output!, app.Say);
            TrainedAdapters.Write(app, options, start);
            List<TextLoss> after;
            try
            {
                after = Measure(tuned, options, [data, other], app.Stop);
            }
            catch (OperationCanceledException)
            {
                app.Say($"Stopped while the tuned model was measured; it is whole, in {options.Output}.");
                return app.Signals.ExitCodeWhenStopped;
            }

            Report(app, arguments.GetValue(json), result, options, before, after, said is not null);
            return ExitCode.Success;
        });
        return command;
    }

    private static ConversationModel Model(Checkpoint found, ConversationOptions options) =>
        new(Tokenizer.Load(found.ExistingTokenizer()), found.Companions(), options);

    // GaLore's is its reference's, and comes with the optimizer.
    private static double? LearningRate(FineTuningMethod method, bool isAdapted) =>
        method switch
        {
            FineTuningMethod.GaLore => null,
            FineTuningMethod.Lora => UsualValues.AdapterLearningRate,
            // Of a model with adapters they alone are trained.
            FineTuningMethod.Full when isAdapted => UsualValues.AdapterLearningRate,
            _ => UsualValues.FineTuningLearningRate,
        };

    private static TokenDataset? Other(AppSession app, string[]? paths, CorpusOptions corpus)
    {
        if (paths is not { Length: > 0 })
            return null;
        var isSdk = paths is [CorpusOptions.SdkText] && !Directory.Exists(CorpusOptions.SdkText) && !File.Exists(CorpusOptions.SdkText);
        if (!isSdk && Array.Find(paths, path => !File.Exists(path) && !Directory.Exists(path)) is { } missing)
            throw new InputException($"There is no file or folder '{missing}'; give --also an existing one.");
        return TextPreparation.Prepare(app, corpus with { TextPaths = isSdk ? [] : paths, TextWeights = [] });
    }

    // The loss on each text, with the same sequences before and after.
    private static List<TextLoss> Measure(Checkpoint checkpoint, TrainingOptions options, TokenDataset?[] texts, CancellationToken stop)
    {
        using var model = checkpoint.LoadModel(options.Device, options.Precision);
        return
        [
            .. texts
                .Where(text => text is not null)
                .Select(text =>
                    Evaluator.Evaluate(
                        model,
                        text!,
                        options.Context,
                        options.FinalEvaluationSequences,
                        stop: stop,
                        documentMasks: options.DocumentMasks
                    )
                ),
        ];
    }

    private static void Announce(AppSession app, Checkpoint start, TrainingOptions options)
    {
        using var model = start.LoadModel(options.Device, options.Precision);
        var changes = FineTuner.Plan(model, options.FineTuning!);
        Show(app, changes.ApplyTo(model, options.FineTuning));
        var cost = FineTuningCost.Of(model, options);
        app.Say(
            $"Method {options.FineTuning!.Method.Key()}: {Quantity.Count(cost.TrainableParameters)} of {Quantity.Count(cost.Parameters)} parameters are trained, "
                + $"{Quantity.Flops(cost.TrainingFlops)} FLOPs in {Quantity.Count(options.Steps)} steps (paper convention)."
        );
    }

    private static void Show(AppSession app, IReadOnlyList<FactoredWeight> factored)
    {
        foreach (var weight in factored)
            app.Say($"{weight.Name}: rank {Quantity.Count(weight.Rank)}, ‖W − UV‖ / ‖W‖ = {Quantity.Share(weight.RelativeError)}");
    }

    private static string Bits(TextLoss measured) => measured.BitsPerByte is { } bits ? Quantity.Loss(bits) : "–";

    private static void Report(
        AppSession app,
        bool isJson,
        RunResult result,
        TrainingOptions options,
        List<TextLoss> before,
        List<TextLoss> after,
        bool isOfConversations
    )
    {
        string[] texts = ["text", "also"];
        if (isJson)
        {
            JsonOutput.Print(
                app.Console.Output,
                document =>
                {
                    document.WriteString("model", result.Model);
                    document.WriteString("method", options.FineTuning!.Method.Key());
                    document.WriteString("checkpoint", result.Checkpoint);
                    document.WriteNumber("steps", result.Steps);
                    document.WriteDigits("parameters", result.Parameters);
                    document.WriteNumber("trainingFlops", result.TrainingFlops);
                    document.WriteDigits("peakMemoryBytes", result.PeakMemoryBytes);
                    if (result.PeakDeviceMemoryBytes is { } bytes)
                        document.WriteDigits("peakDeviceMemoryBytes", bytes);
                    for (var text = 0; text < before.Count; text++)
                    {
                        document.WriteStartObject(texts[text]);
                        document.WriteReal("perplexityBefore", Math.Exp(before[text].Loss));
                        document.WriteReal("perplexityAfter", Math.Exp(after[text].Loss));
                        LossWords.WriteBitsPerByte(document, before[text].BitsPerByte, "bitsPerByteBefore");
                        LossWords.WriteBitsPerByte(document, after[text].BitsPerByte, "bitsPerByteAfter");
                        document.WriteEndObject();
                    }
                }
            );
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("validation text");
        table.AddColumn(new TableColumn("perplexity before").RightAligned());
        table.AddColumn(new TableColumn("after").RightAligned());
        table.AddColumn(new TableColumn("bits per byte before").RightAligned());
        table.AddColumn(new TableColumn("after").RightAligned());
        for (var text = 0; text < before.Count; text++)
            table.AddRow(
                new Text(
                    text > 0 ? "--also"
                    : isOfConversations ? "--conversations"
                    : "--text"
                ),
                new Text(Quantity.Perplexity(Math.Exp(before[text].Loss))),
                new Text(Quantity.Perplexity(Math.Exp(after[text].Loss))),
                new Text(Bits(before[text])),
                new Text(Bits(after[text]))
            );
        app.Console.Results.Write(table);
        var device = result.PeakDeviceMemoryBytes is { } peak ? $", of the GPU {Quantity.Bytes(peak)}" : "";
        app.Console.Output.WriteLine(
            $"{Quantity.Flops(result.TrainingFlops)} FLOPs (paper convention), peak memory {Quantity.Bytes(result.PeakMemoryBytes)}{device}."
        );
        app.Console.Output.WriteLine($"The run is in {options.Output}. To try it:");
        app.Console.Output.WriteLine(GenerateCommand.ToTry(options.Output!, isOfConversations));
    }
}
