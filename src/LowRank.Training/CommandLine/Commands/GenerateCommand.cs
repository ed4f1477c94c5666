using System.CommandLine;
using System.Globalization;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Conversations;
using LowRank.Training.Generation;
using LowRank.Training.Tokenization;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>generate CHECKPOINT</c>: goes on with texts.</summary>
internal static class GenerateCommand
{
    /// <summary>The command that tries a run.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="isOfConversations">Whether it was trained on conversations.</param>
    public static string ToTry(string run, bool isOfConversations)
    {
        string[] asked = isOfConversations ? ["--chat"] : ["--prompt", "The"];
        return ShellText.Command(["generate", run, .. asked]);
    }

    public static Command Create(AppSession app)
    {
        var checkpoint = CheckpointArgument.Create();
        var prompts = new PromptOptionSet();
        var chat = new ChatOptionSet();
        var json = JsonOption.Create();
        var weights = DecodingWeightsOption.Create();
        var adapter = AdapterOption.Create();
        var tokens = NumberOption.Whole("--tokens", "Most tokens to generate (200).", 0, int.MaxValue);
        var temperature = NumberOption.Real(
            "--temperature",
            "Divides the logits; 0 takes the likeliest token (0.8).",
            value => value >= 0,
            "of at least 0"
        );
        var topK = NumberOption.Whole("--top-k", "Draw from the so many likeliest tokens; 0 for all (0).", 0, int.MaxValue);
        var topP = NumberOption.Real(
            "--top-p",
            "Draw from the likeliest tokens that make up this much probability (1).",
            value => value is > 0 and <= 1,
            "above 0 and at most 1"
        );
        var seed = NumberOption.Whole("--seed", "Seed of the draws, the same for every prompt (0).", long.MinValue);
        var specialTokens = SpecialTokensOption.Create("prompts");
        var device = new DeviceOptionSet();
        var command = new Command("generate", "Go on with a text, or with several.") { checkpoint };
        prompts.AddTo(command);
        chat.AddTo(command);
        foreach (var option in new Option[] { adapter, tokens, temperature, topK, topP, seed, weights, specialTokens, json })
            command.Add(option);
        device.AddTo(command);
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(temperature) == 0 && Array.Find<Option>([topK, topP], arguments.Has) is { } needless)
                throw new InputException(
                    $"--temperature 0 always takes the likeliest token, and {needless.Name} says among which to draw; leave one out."
                );
            prompts.Check(arguments, app.Console);
            var talk = chat.Read(arguments, prompts);
            var form = DecodingWeightsOption.Choose(arguments.GetValue(weights));
            var (saved, tokenizer, said, loaded) = CheckpointArgument.Read(
                app,
                arguments.GetRequiredValue(checkpoint),
                found =>
                {
                    var (where, precision, _) = device.Apply(app, arguments, "cpu", found.Info.Options.Precision);
                    var its = Tokenizer.Load(found.ExistingTokenizer());
                    var conversation = talk is null ? null : new ConversationModel(its, found.Companions(), talk);
                    if (conversation is { Template: null })
                        throw ConversationTokenizer.NoTemplate();
                    return (found, its, conversation, found.LoadModel(where, precision));
                }
            );
            using var model = loaded;
            AdapterOption.Apply(arguments.GetValue(adapter), model);
            var turn = said is null ? null : prompts.Turn(arguments, app);
            IReadOnlyList<string> texts = said is null ? prompts.Read(arguments, app) : [];
            var defaults = new SamplingOptions();
            var sampling = new SamplingOptions
            {
                Temperature = arguments.GetValue(temperature) ?? defaults.Temperature,
                TopK = (int?)arguments.GetValue(topK) ?? defaults.TopK,
                TopP = arguments.GetValue(topP) ?? defaults.TopP,
                Seed = arguments.GetValue(seed) ?? defaults.Seed,
            };
            var count = (int?)arguments.GetValue(tokens) ?? 200;
            var special = arguments.GetValue(specialTokens);
            PromptNotes.Say(app, texts, tokenizer, special, model.Context, count);
            if (sampling.TopK > tokenizer.VocabularySize)
                app.Say(
                    $"Note: --top-k {sampling.TopK} is more than the {tokenizer.VocabularySize} tokens that there are: all can be drawn."
                );
            var generator = new TextGenerator(model, tokenizer, form) { SpecialTokens = special };
            try
            {
                if (said is not null)
                {
                    using var session = new ChatSession(generator, said, model.Context);
                    new ChatRun(app, session, generator).Hold(chat.Instruction(arguments), turn, count, sampling, arguments.GetValue(json));
                }
                else if (arguments.GetValue(json))
                    GenerationJson.Print(
                        app.Console.Output,
                        texts,
                        [.. generator.GenerateAll(texts, count, sampling, app.Stop)],
                        generator
                    );
                else
                    Write(app, generator, texts, count, sampling);
            }
            catch (InputException exception) when (said is null)
            {
                var with = arguments.GetValue(adapter) is { } beside ? $" with the adapters in '{beside}'" : "";
                throw new InputException(
                    $"The checkpoint {saved.Folder}{with} generates nothing: {exception.Say(FlagNames.Of)} Use an older one."
                );
            }

            app.Say(Rates(generator.Speed));
            return app.Stop.IsCancellationRequested ? app.Signals.ExitCodeWhenStopped : ExitCode.Success;
        });
        return command;
    }

    // One text as it grows; of several, which grow together, one after the other.
    private static void Write(AppSession app, TextGenerator generator, IReadOnlyList<string> prompts, int tokens, SamplingOptions sampling)
    {
        var output = app.Console.Output;
        if (prompts.Count == 1)
        {
            output.Write(prompts[0]);
            foreach (var piece in generator.Generate(prompts[0], tokens, sampling, app.Stop))
            {
                output.Write(piece);
                output.Flush();
            }

            output.WriteLine();
            return;
        }

        var written = 0;
        foreach (var text in generator.GenerateAll(prompts, tokens, sampling, app.Stop))
        {
            if (written > 0)
                output.WriteLine();
            output.WriteLine(prompts[written++] + text);
            output.Flush();
        }
    }

    private static string Rates(GenerationSpeed speed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Quantity.Count(speed.PromptTokens)} prompt tokens, {speed.PromptTokensPerSecond:0.0} per second; {Quantity.Count(speed.Tokens)} further tokens, {speed.TokensPerSecond:0.0} per second"
        );
}
