using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Files;
using LowRank.Training.Loop;
using LowRank.Training.Reporting.Charts;
using LowRank.Training.Reporting.Comparing;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>train MODEL</c>: trains one variant.</summary>
internal static class TrainCommand
{
    /// <summary>Its name.</summary>
    public const string Name = "train";

    public static Command Create(AppSession app)
    {
        var model = ModelArgument.Create();
        var variant = VariantOption.Single("beside --from alone");
        var training = new TrainingOptionSet();
        var corpus = new CorpusOptionSet();
        var conversations = new ConversationOptionSet();
        var tokenizer = new TokenizerOption();
        var command = new Command(Name, "Train one variant of a model.") { model, variant };
        training.AddTo(command, withFrom: true);
        corpus.AddTo(command);
        conversations.AddTo(command);
        tokenizer.AddTo(command);
        command.SetAction(arguments =>
        {
            var entry = ModelLookup.Find(arguments.GetRequiredValue(model));
            var defaults = DefaultsOf.Model(app, entry);
            var said = conversations.Read(arguments);
            var options = training.Read(app, arguments, entry, defaults.Training);
            var chosen = VariantOption.Choose(app, entry, arguments.GetValue(variant), options.From);
            if (chosen == Variant.Lora && options is { From: null })
                throw new InputException(
                    $"The variant lora of {entry.Name} trains adapters beside a trained model; give it with --from, or leave --variant out to train that model first."
                );
            if (said is not null && conversations.Preview(arguments) is { } count)
            {
                return options.From is null ? Preview(null) : CheckpointArgument.Read(app, options.From, Preview);

                int Preview(Checkpoint? from) =>
                    ConversationPreview.Print(app, Model(from, said), said, count, options.Context, isJson: false);
            }

            // Before a text is prepared for minutes.
            TrainingOptionsCheck.ValidateVariant(options, entry, chosen);
            TrainingOptionsCheck.ValidateMemory(options, entry, chosen);
            using var reserved = training.Reserve(app, entry, ref options);
            RunBeginning.Check(entry, chosen, options);
            DesignRemarks.Say(app, entry);
            var (start, text) = options.From is null
                ? (null, Text(null))
                : CheckpointArgument.Read<(Checkpoint?, TokenDataset)>(
                    app,
                    options.From,
                    found =>
                    {
                        StartingPoint.Check(found, options.From, entry, chosen);
                        return (found, Text(found));
                    }
                );
            using var data = text;
            training.NoteShortText(app, arguments, options, data);
            RunLength.Say(app, options, data);
            using var held = RunFolder.Take(app, options.Output!, reserved);
            var result = VariantRun.Train(app, entry, chosen, data, options, reserved ?? held, start, training.SaveRetry(arguments));
            return Finish(app, entry, options, result, start, isOfConversations: said is not null);

            TokenDataset Text(Checkpoint? from)
            {
                var read = corpus.Read(arguments, tokenizer.Read(arguments, defaults.Corpus, options, from), entry.Vocabulary());
                OutputWithinText.Refuse(options.Output!, "--output", said?.Paths ?? read.TextPaths);
                return said is null
                    ? TextPreparation.Prepare(app, read)
                    : ConversationPreparation.Prepare(app, Model(from, said), said, read);
            }

            ConversationModel Model(Checkpoint? from, ConversationOptions asked) =>
                new(
                    Tokenizer.Load(
                        tokenizer.Read(arguments, defaults.Corpus, options, from).TokenizerPath
                            ?? throw TrainingOptionsCheck.NoTokensForTurns()
                    ),
                    from is null || options.ReplaceTokenizer ? CompanionFiles.None : from.Companions(),
                    asked
                );
        });
        return command;
    }

    private static int Finish(
        AppSession app,
        ModelEntry entry,
        TrainingOptions options,
        RunResult result,
        Checkpoint? start,
        bool isOfConversations
    )
    {
        if (!app.IsFirst)
            return ExitCode.Success;
        if (result.Stopped)
        {
            app.Say($"Stopped after step {result.Steps} of {options.Steps}; it is saved in {result.Checkpoint}. To go on:");
            app.Say(ResumeCommand.For(app, options.Output!));
            return app.Signals.ExitCodeWhenStopped;
        }

        ResultsFile.Write(Path.Combine(options.Output!, ResultsFile.Name), [result]);
        ChartFiles.Write(options.Output!, entry.Name, [result], app.Say);
        TrainedAdapters.Write(app, options, start);
        app.Console.Results.Write(ComparisonTable.ForConsole([result]));
        app.Console.Output.WriteLine($"The run is in {options.Output}. To try it:");
        app.Console.Output.WriteLine(GenerateCommand.ToTry(options.Output!, isOfConversations));
        return ExitCode.Success;
    }
}
