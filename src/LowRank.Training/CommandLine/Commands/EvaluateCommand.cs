using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Conversations;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Evaluation.Tasks;
using LowRank.Training.Json;
using LowRank.Training.Reporting;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>evaluate CHECKPOINT</c>: the loss of a trained model on held-out text.</summary>
internal static class EvaluateCommand
{
    public static Command Create(AppSession app)
    {
        var checkpoint = CheckpointArgument.Create();
        var adapter = AdapterOption.Create();
        var json = JsonOption.Create();
        var context = NumberOption.Whole("--context", "Tokens in one sequence. Without it: as in training.", 1, int.MaxValue);
        var sequences = NumberOption.Whole(
            "--sequences",
            "Most sequences of the validation text. Without it: as at the end of training.",
            1,
            int.MaxValue
        );
        var corpus = new CorpusOptionSet();
        var conversations = new ConversationOptionSet(hasPreview: false);
        var tasks = new TaskOptionSet();
        var device = new DeviceOptionSet();
        var command = new Command("evaluate", "Measure a trained model's loss on held-out text, or how it does in tasks.")
        {
            checkpoint,
            adapter,
            json,
            context,
            sequences,
        };
        tasks.AddTo(command);
        device.AddTo(command);
        corpus.AddTo(command);
        conversations.AddTo(command);
        command.SetAction(arguments =>
            CheckpointArgument.Read(
                app,
                arguments.GetRequiredValue(checkpoint),
                saved =>
                {
                    var paths = tasks.Paths(arguments, [sequences, .. corpus.All, .. conversations.All]);
                    var info = saved.Info;
                    var trained = FineTuningMethods.Trained(info.Options.FineTuning, info.Changes is { Adapted.Count: > 0 }, info.Variant);
                    var (where, precision, tf32) = device.Apply(app, arguments, "cpu", info.Options.Precision);
                    using var model = saved.LoadModel(where, precision);
                    NextTokens.Require(model.Accounting);
                    AdapterOption.Apply(arguments.GetValue(adapter), model);
                    var length = (int?)arguments.GetValue(context) ?? info.Options.Context;
                    if (length > model.Context)
                        throw new InputException(
                            $"--context {length} is longer than the {model.Context} tokens that {info.Model} is declared for."
                        );
                    if (paths.Count > 0)
                    {
                        var tokenizer = Tokenizer.Load(saved.ExistingTokenizer());
                        var asked = tasks.Read(arguments, length);
                        List<TaskResult> results =
                        [
                            .. paths.Select(path => TaskEvaluator.Evaluate(model, tokenizer, path, asked, app.Stop)),
                        ];
                        var output = new TaskOutput(info.Model, trained, info.Step, length, (where, precision, tf32));
                        output.Print(app, results, arguments.GetValue(json));
                        return ExitCode.Success;
                    }

                    var defaults = new CorpusOptions { TokenizerPath = saved.ExistingTokenizer() };
                    var read = corpus.Read(arguments, defaults, info.Vocabulary);
                    using var data = conversations.Read(arguments) is { } said
                        ? ConversationPreparation.Prepare(
                            app,
                            new ConversationModel(Tokenizer.Load(saved.ExistingTokenizer()), saved.Companions(), said),
                            said,
                            read
                        )
                        : TextPreparation.Prepare(app, read);
                    if (info.DataFingerprint != CheckpointInfo.NoText && data.Fingerprint != info.DataFingerprint)
                        app.Say(
                            "Note: this is not the text and the split of the training, so the model may have been trained on some of what is measured."
                        );
                    var windows = ValidationWindows.CountOf(data, length);
                    if (arguments.GetValue(sequences) > windows)
                        app.Say(
                            $"Note: --sequences {arguments.GetValue(sequences)} is more than the {Quantity.Count(windows)} of {Quantity.Count(length)} tokens that the validation text has; all of them are read."
                        );
                    var measured = Evaluator.Evaluate(
                        model,
                        data,
                        length,
                        (int?)arguments.GetValue(sequences) ?? info.Options.FinalEvaluationSequences,
                        stop: app.Stop,
                        documentMasks: info.Options.DocumentMasks
                    );
                    if (arguments.GetValue(json))
                    {
                        JsonOutput.Print(
                            app.Console.Output,
                            document =>
                            {
                                document.WriteString("model", info.Model);
                                document.WriteString("variant", trained.Key());
                                document.WriteNumber("step", info.Step);
                                document.WriteNumber("context", length);
                                document.WriteNumber("tokens", measured.Tokens);
                                document.WriteReal("loss", measured.Loss);
                                document.WriteReal("perplexity", Math.Exp(measured.Loss));
                                LossWords.WriteBitsPerByte(document, measured.BitsPerByte);
                                if (measured.Sources is { } sources)
                                    LossWords.WriteSources(document, sources);
                                document.WriteString("device", where);
                                document.WriteString("precision", precision);
                                document.WriteBoolean("tf32", tf32);
                            }
                        );
                    }
                    else
                    {
                        app.Console.Output.WriteLine(
                            $"{info.Model}, {trained.Title()}, after step {info.Step}: {LossWords.Of(measured.Loss, measured.Tokens, measured.BitsPerByte, measured.Sources, " nats per token")}"
                        );
                    }

                    return ExitCode.Success;
                }
            )
        );
        return command;
    }
}
