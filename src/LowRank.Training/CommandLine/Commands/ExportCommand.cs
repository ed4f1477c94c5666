using System.CommandLine;
using System.Text.Json;
using LowRank.Training.Checkpoints;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Files;
using LowRank.Training.Pretrained;
using LowRank.Training.Pretrained.Adapters;
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
        var adapterOnly = new Option<bool>("--adapter-only")
        {
            Description = "Write the adapters alone, as a folder of Hugging Face's PEFT, instead of the model with them in it.",
        };
        var baseModel = new Option<string?>("--base")
        {
            Description = "With --adapter-only: the base model's name or path, which PEFT finds it by.",
            HelpName = "NAME",
        };
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
            adapterOnly,
            baseModel,
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
            var isAdapter = arguments.GetValue(adapterOnly);
            if (isAdapter && Array.Find<Option>([factored, shardSize], arguments.Has) is { } needless)
                throw new InputException($"{needless.Name} says how weights are written, and --adapter-only writes none; leave one out.");
            if (!isAdapter && arguments.Has(baseModel))
                throw new InputException("--base names the model that adapters stand beside; give it with --adapter-only alone.");
            NewFolder.Check(folder, beside: true);
            return CheckpointArgument.Read(
                app,
                arguments.GetRequiredValue(checkpoint),
                saved => isAdapter ? ExportAdapter(saved, arguments, folder, options) : Export(saved, arguments, folder, options)
            );
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

        int ExportAdapter(Checkpoint saved, ParseResult arguments, string folder, ExportOptions options)
        {
            using var model = saved.LoadModel("cpu", "fp32");
            AdapterOption.Apply(arguments.GetValue(adapter), model);
            var asked = new PeftOptions
            {
                Architecture = options.Architecture,
                Precision = options.Precision,
                BaseModel = arguments.GetValue(baseModel),
            };
            var written = PeftAdapter.Write(model, folder, asked, app.Stop);
            if (arguments.GetValue(json))
                PrintJson(app, saved.Info.Model, written, asked);
            else
                Print(app, saved.Info.Model, written, asked);
            return ExitCode.Success;
        }
    }

    private static void Print(AppSession app, string model, WrittenPeftAdapter written, PeftOptions options)
    {
        app.Console.Output.WriteLine(
            $"The adapters of {model} are written as PEFT has them to {written.Folder}: {Quantity.Count(written.Modules.Count)} modules under the names of {written.Architecture.Key()}, {Quantity.Bytes(written.Bytes)} in {options.Precision.Key()}."
        );
        if (options.BaseModel is null)
            app.Say($"Note: {PeftAdapter.ConfigFile} names no base model; --base NAME does.");
    }

    private static void PrintJson(AppSession app, string model, WrittenPeftAdapter written, PeftOptions options) =>
        JsonOutput.Print(
            app.Console.Output,
            document =>
            {
                WriteHead(document, model, written.Architecture, written.Folder, options.Precision);
                document.WriteString("base", options.BaseModel);
                document.WriteNumber("bytes", written.Bytes);
                WriteNames(document, "modules", written.Modules);
            }
        );

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
                WriteHead(document, model, written.Architecture, written.Folder, options.Precision);
                document.WriteString("factored", options.KeepFactors ? "keep" : "merge");
                document.WriteNumber("tensors", written.Tensors);
                document.WriteNumber("bytes", written.Bytes);
                document.WriteNumber("mergedLayers", written.Merged);
                WriteNames(document, "files", written.Files);
            }
        );

    private static void WriteHead(
        Utf8JsonWriter document,
        string model,
        Architecture architecture,
        string folder,
        WeightPrecision precision
    )
    {
        document.WriteString("model", model);
        document.WriteString("architecture", architecture.Key());
        document.WriteString("folder", folder);
        document.WriteString("precision", precision.Key());
    }

    private static void WriteNames(Utf8JsonWriter document, string key, IEnumerable<string> names)
    {
        document.WriteStartArray(key);
        foreach (var name in names)
            document.WriteStringValue(name);
        document.WriteEndArray();
    }
}
