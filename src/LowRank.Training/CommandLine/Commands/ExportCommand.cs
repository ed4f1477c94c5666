using System.CommandLine;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Files;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Wording;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>export CHECKPOINT</c>: writes a trained model as a Hugging Face checkpoint.</summary>
internal static class ExportCommand
{
    public static Command Create(AppSession app)
    {
        var checkpoint = CheckpointArgument.Create();
        var adapter = AdapterOption.Create();
        var json = JsonOption.Create();
        var to = new Option<string>("--to")
        {
            Description = "The folder to write; new or empty.",
            HelpName = "DIR",
            Required = true,
        };
        var architecture = new Option<string?>("--architecture")
        {
            Description = $"{ArchitectureNames.All}. Without it: the first that expresses the declaration.",
            HelpName = "NAME",
        };
        var precision = new Option<string?>("--precision") { Description = "fp32, bf16 or fp16 (fp32).", HelpName = "NAME" };
        var factored = new Option<string?>("--factored")
        {
            Description = "merge writes factored layers as their products, keep as their factors, which only 'import' reads (merge).",
            HelpName = "HOW",
        };
        var shardSize = ByteSizeOption.Create("--shard-size", "Most bytes in one file, as in 500MB or 5GB (5GB).");
        var command = new Command("export", "Write a trained model as a Hugging Face checkpoint.")
        {
            checkpoint,
            adapter,
            json,
            to,
            architecture,
            precision,
            factored,
            shardSize,
        };
        command.SetAction(arguments =>
        {
            var options = new ExportOptions
            {
                Architecture = arguments.GetValue(architecture) is { } name ? Find(name) : null,
                Precision = WeightPrecisionNames.Parse(arguments.GetValue(precision) ?? "fp32"),
                KeepFactors = Keeps(arguments.GetValue(factored)),
                ShardBytes = arguments.GetValue(shardSize) ?? ExportOptions.DefaultShardBytes,
            };
            var folder = arguments.GetRequiredValue(to);
            NewFolder.Check(folder, beside: true);
            return CheckpointArgument.Read(app, arguments.GetRequiredValue(checkpoint), saved => Export(saved, arguments, folder, options));
        });
        return command;

        int Export(Checkpoint saved, ParseResult arguments, string folder, ExportOptions options)
        {
            var hasTokenizer = File.Exists(saved.TokenizerPath);
            if (!hasTokenizer && !saved.IsGone)
                app.Say("Note: the checkpoint has no tokenizer, so none is written.");
            using var model = saved.LoadModel("cpu", "fp32");
            AdapterOption.Apply(arguments.GetValue(adapter), model);
            var written = ExportedModel.Write(
                model,
                folder,
                options with
                {
                    TokenizerPath = hasTokenizer ? saved.TokenizerPath : null,
                    Companions = saved.Companions(),
                },
                app.Stop
            );
            if (arguments.GetValue(json))
                PrintJson(app, saved.Info.Model, options, written);
            else
                Print(app, saved.Info.Model, options, written);
            return ExitCode.Success;
        }
    }

    private static Architecture Find(string name) =>
        ArchitectureNames.Find(name) ?? throw new InputException($"There is no architecture '{name}'; use one of {ArchitectureNames.All}.");

    private static bool Keeps(string? name) =>
        name?.ToLowerInvariant() switch
        {
            null or "merge" => false,
            "keep" => true,
            _ => throw new InputException($"--factored takes keep or merge, not '{name}'."),
        };

    private static void Print(AppSession app, string model, ExportOptions options, ExportedModel written)
    {
        var merged = written.Merged > 0 ? $", {written.Merged} factored layers merged" : "";
        app.Console.Output.WriteLine(
            $"{model} is written as {written.Architecture.Key()} to {written.Folder}: {Quantity.Count(written.Tensors)} tensors, {Quantity.Bytes(written.Bytes)} in {options.Precision.Key()}{merged}."
        );
        app.Console.Output.WriteLine($"Files: {string.Join(", ", written.Files)}.");
    }

    private static void PrintJson(AppSession app, string model, ExportOptions options, ExportedModel written) =>
        JsonOutput.Print(
            app.Console.Output,
            document =>
            {
                document.WriteString("model", model);
                document.WriteString("architecture", written.Architecture.Key());
                document.WriteString("folder", written.Folder);
                document.WriteString("precision", options.Precision.Key());
                document.WriteString("factored", options.KeepFactors ? "keep" : "merge");
                document.WriteNumber("tensors", written.Tensors);
                document.WriteNumber("bytes", written.Bytes);
                document.WriteNumber("mergedLayers", written.Merged);
                document.WriteStartArray("files");
                foreach (var file in written.Files)
                    document.WriteStringValue(file);
                document.WriteEndArray();
            }
        );
}
