using System.CommandLine;
using LowRank.Layers;
using LowRank.Training.Checkpoints;
using LowRank.Training.Json;
using LowRank.Training.Pretrained;
using LowRank.Training.Runs;
using LowRank.Training.Tokenization;
using LowRank.Training.Weights;
using LowRank.Training.Wording;
using Spectre.Console;
using static TorchSharp.torch;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>import DIR</c>: makes a checkpoint of a declared model from a Hugging Face checkpoint.</summary>
internal static class ImportCommand
{
    public static Command Create(AppSession app)
    {
        var from = new Argument<string>("DIR") { Description = $"The folder of a Hugging Face checkpoint: {ArchitectureNames.All}." };
        var json = JsonOption.Create();
        var model = new Option<string?>("--model")
        {
            Description =
                $"{ModelArgument.Description} With --declare, the name of the class, in the namespace Models unless it has another before it.",
            HelpName = "MODEL",
        };
        var to = new Option<string?>("--to") { Description = "The folder of the new checkpoint; new or empty.", HelpName = "CHECKPOINT" };
        var declare = new Option<string?>("--declare")
        {
            Description = "Write the C# declaration of the checkpoint into a new file, and import nothing.",
            HelpName = "FILE",
        };
        var variant = VariantOption.Single("left out");
        var guide = new Option<string?>("--guide")
        {
            Description = "What guides start as: the pretrained weight, or the product of its factors (pretrained).",
            HelpName = "START",
        };
        var tokenizer = new Option<string?>("--tokenizer")
        {
            Description = "A tokenizer.json or SentencePiece model to use instead of the folder's.",
            HelpName = "FILE",
        };
        var precision = new Option<string?>("--precision")
        {
            Description = "Type of the imported weights: fp32, which holds any exactly, or bf16, half as large (fp32).",
            HelpName = "NAME",
        };
        var withoutTokenizer = new Option<bool>("--without-tokenizer") { Description = "Import the weights alone." };
        var adapter = AdapterOption.Create();
        var command = new Command("import", "Make a checkpoint of a declared model from a Hugging Face checkpoint.")
        {
            from,
            adapter,
            json,
            model,
            to,
            variant,
            guide,
            precision,
            tokenizer,
            withoutTokenizer,
            declare,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(declare) is null)
            {
                foreach (var needed in new Option[] { model, to })
                {
                    if (result.GetResult(needed) is null)
                        result.AddError($"Option '{needed.Name}' is required.");
                }

                return;
            }

            foreach (var other in new Option[] { to, variant, guide, precision, tokenizer, withoutTokenizer })
            {
                if (result.GetResult(other) is { Implicit: false })
                    result.AddError($"{declare.Name} imports nothing; leave {other.Name} out.");
            }
        });
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(declare) is { } file)
                return DeclarationFile.Write(
                    app,
                    arguments.GetRequiredValue(from),
                    file,
                    arguments.GetValue(model),
                    arguments.GetValue(json)
                );
            var entry = ModelLookup.Find(arguments.GetValue(model)!);
            var chosen = VariantOption.Choose(app, entry, arguments.GetValue(variant), from: null);
            if (chosen == Variant.Lora)
                throw new InputException(
                    $"A checkpoint is imported as the model that the adapters stand beside; leave --variant out, or name it with --variant {entry.VariantWithoutAdapters().Key()}."
                );
            if (arguments.GetValue(adapter) is not null && chosen == Variant.Guided)
                throw new InputException(
                    $"--adapter gives the model adapters, and --variant guided guides; import it with --variant {Variant.Dense.Key()} or {Variant.LowRank.Key()}."
                );
            var factoring = new FactoringOptions { Guide = Guide(arguments.GetValue(guide), entry, chosen) };
            var (folder, target) = (arguments.GetRequiredValue(from), arguments.GetValue(to)!);
            if (arguments.GetValue(withoutTokenizer) && arguments.GetValue(tokenizer) is not null)
                throw new InputException("--tokenizer names a tokenizer and --without-tokenizer imports none; leave one of them out.");
            NewRun.Check(target);
            var options = new ModelOptions { DataType = Type(arguments.GetValue(precision)) };
            using var loaded = PretrainedModel.Load(entry, chosen, folder, factoring, options, app.Stop);
            foreach (var note in loaded.Notes)
                app.Say($"Note: {note}");
            var found = arguments.GetValue(withoutTokenizer)
                ? null
                : ImportedTokenizer.Load(folder, arguments.GetValue(tokenizer), loaded.Model.Vocabulary);
            foreach (var note in found?.Notes ?? [])
                app.Say($"Note: {note}");
            AdapterOption.Apply(arguments.GetValue(adapter), loaded.Model);
            // At first a guide computes alone, as in the first step of a training.
            foreach (var layer in loaded.Model.FactoredLinears)
                layer.Blend(1);
            var checkpoint = ModelCheckpoint.Save(loaded.Model, target, found, found is null ? null : CompanionFiles.Read(folder));
            if (arguments.GetValue(json))
                PrintJson(app, entry, chosen, loaded, checkpoint);
            else
                Print(app, entry, chosen, loaded, target, found is not null);
            return ExitCode.Success;
        });
        return command;
    }

    private static ScalarType Type(string? name) =>
        WeightPrecisionNames.Parse(name ?? "fp32") is var precision and not WeightPrecision.Fp16
            ? precision.ScalarType()
            : throw new InputException("--precision of import takes fp32 or bf16: those in fp16 are read into fp32 exactly.");

    private static GuideStart Guide(string? name, ModelEntry entry, Variant variant)
    {
        if (name is not null && variant != Variant.Guided)
            throw new InputException($"--guide says what guides start as, and {entry.Name} has none as {variant.Key()}; leave it out.");
        return name?.ToLowerInvariant() switch
        {
            null or "pretrained" => GuideStart.Pretrained,
            "product" => GuideStart.Product,
            _ => throw new InputException($"--guide takes pretrained or product, not '{name}'."),
        };
    }

    private static void Print(AppSession app, ModelEntry entry, Variant variant, PretrainedModel loaded, string target, bool hasTokenizer)
    {
        if (loaded.Factored.Count > 0)
        {
            var table = new Table { Border = TableBorder.Rounded };
            table.AddColumn("factored");
            table.AddColumn(new TableColumn("rank").RightAligned());
            table.AddColumn(new TableColumn("‖W − UV‖ / ‖W‖").RightAligned());
            foreach (var weight in loaded.Factored)
                table.AddRow(new Text(weight.Name), new Text(Quantity.Count(weight.Rank)), new Text(Quantity.Share(weight.RelativeError)));
            app.Console.Results.Write(table);
        }

        app.Console.Output.WriteLine(
            $"{entry.Name}, {variant.Title()}, has the weights of a {loaded.Architecture.Key()} checkpoint of {Quantity.Count(loaded.Tensors)} tensors."
        );
        var adapted = loaded.Model.modules().OfType<LoraLinear>().Count();
        if (adapted > 0)
            app.Console.Output.WriteLine(
                $"{adapted} of its layers have adapters beside them: the method full of finetune trains those on, train begins with what they amount to."
            );
        app.Console.Output.WriteLine("To go on:");
        string[] train = ["train", entry.Name, "--variant", variant.Key(), "--from", target];
        if (hasTokenizer)
        {
            app.Console.Output.WriteLine(GenerateCommand.ToTry(target, isOfConversations: false));
            app.Console.Output.WriteLine(ShellText.Command(train));
            return;
        }

        app.Console.Output.WriteLine(ShellText.Command([.. train, "--tokenizer", "tokenizer.json"]));
        app.Console.Output.WriteLine(
            "Name there the tokenizer that the weights were trained with: to the ids of another one they mean nothing."
        );
    }

    private static void PrintJson(AppSession app, ModelEntry entry, Variant variant, PretrainedModel loaded, string checkpoint) =>
        JsonOutput.Print(
            app.Console.Output,
            document =>
            {
                document.WriteString("model", entry.Name);
                document.WriteString("variant", variant.Key());
                document.WriteString("architecture", loaded.Architecture.Key());
                document.WriteString("checkpoint", checkpoint);
                document.WriteNumber("tensors", loaded.Tensors);
                document.WriteDigits("parameters", loaded.Model.parameters().Sum(parameter => parameter.NumberOfElements));
                document.WriteStartArray("factored");
                foreach (var weight in loaded.Factored)
                {
                    document.WriteStartObject();
                    document.WriteString("name", weight.Name);
                    document.WriteNumber("rank", weight.Rank);
                    document.WriteReal("relativeError", weight.RelativeError);
                    document.WriteEndObject();
                }

                document.WriteEndArray();
            }
        );
}
