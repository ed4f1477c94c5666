using System.CommandLine;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Generation;
using LowRank.Training.Tokenization;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>generate CHECKPOINT</c>: goes on with a text.</summary>
internal static class GenerateCommand
{
    public static Command Create(AppSession app)
    {
        var checkpoint = CheckpointArgument.Create();
        var adapter = AdapterOption.Create();
        var prompt = new Option<string?>("--prompt")
        {
            Description = "The text to go on with; - reads it from standard input. Without it: the model begins a text of its own.",
            HelpName = "TEXT",
        };
        var tokens = NumberOption.Whole("--tokens", "Most tokens to generate (200).", 0, int.MaxValue);
        var temperature = NumberOption.Real("--temperature", "Divides the logits; 0 takes the likeliest token (0.8).", value => value >= 0, "of at least 0");
        var topK = NumberOption.Whole("--top-k", "Draw from the so many likeliest tokens; 0 for all (0).", 0, int.MaxValue);
        var topP = NumberOption.Real("--top-p", "Draw from the likeliest tokens that make up this much probability (1).", value => value is > 0 and <= 1, "above 0 and at most 1");
        var seed = NumberOption.Whole("--seed", "Seed of the draws (0).", long.MinValue);
        var device = new DeviceOptionSet();
        var command = new Command("generate", "Go on with a text.") { checkpoint, adapter, prompt, tokens, temperature, topK, topP, seed };
        device.AddTo(command);
        command.SetAction(arguments =>
        {
            var saved = CheckpointArgument.Open(arguments.GetRequiredValue(checkpoint));
            var (where, precision) = device.Apply(arguments, "cpu", saved.Info.Options.Precision);
            var tokenizer = BytePairTokenizer.Load(saved.TokenizerPath);
            using var model = saved.LoadModel(where, precision);
            AdapterOption.Apply(arguments.GetValue(adapter), model);
            var text = arguments.GetValue(prompt) switch
            {
                null => "",
                "-" => app.Console.Input.ReadToEnd(),
                var given => given,
            };
            var defaults = new SamplingOptions();
            var sampling = new SamplingOptions
            {
                Temperature = arguments.GetValue(temperature) ?? defaults.Temperature,
                TopK = (int?)arguments.GetValue(topK) ?? defaults.TopK,
                TopP = arguments.GetValue(topP) ?? defaults.TopP,
                Seed = arguments.GetValue(seed) ?? defaults.Seed,
            };
            app.Console.Output.Write(text);
            var count = (int?)arguments.GetValue(tokens) ?? 200;
            foreach (var piece in new TextGenerator(model, tokenizer).Generate(text, count, sampling, app.Stop))
            {
                app.Console.Output.Write(piece);
                app.Console.Output.Flush();
            }

            app.Console.Output.WriteLine();
            return app.Stop.IsCancellationRequested ? app.Signals.ExitCodeWhenStopped : ExitCode.Success;
        });
        return command;
    }
}
