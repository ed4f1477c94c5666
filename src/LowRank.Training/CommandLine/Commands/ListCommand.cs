using System.CommandLine;
using LowRank.Training.Json;
using LowRank.Training.Runs;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>list</c>: the declared models.</summary>
internal static class ListCommand
{
    public static Command Create(AppSession app)
    {
        var json = JsonOption.Create();
        var command = new Command("list", "List the declared models.") { json };
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(json))
                PrintJson(app);
            else
                PrintTable(app);
            return ExitCode.Success;
        });
        return command;
    }

    private static void PrintJson(AppSession app) =>
        JsonOutput.Print(
            app.Console.Output,
            json =>
            {
                json.WriteStartArray("models");
                foreach (var entry in ModelCatalog.Models)
                {
                    json.WriteStartObject();
                    json.WriteString("model", entry.Name);
                    json.WriteString("fullName", entry.FullName);
                    json.WriteString("assembly", entry.Assembly);
                    json.WriteString("summary", entry.Summary);
                    json.WriteNumber("context", entry.Cost.Context);
                    json.WriteDigits("parameters", entry.Cost.Parameters);
                    json.WriteDigits("activeParameters", entry.Cost.ActiveParameters);
                    json.WriteDigits("parametersAtStart", entry.Cost.ParametersAtStart);
                    json.WriteDigits("forwardFlopsPerToken", entry.Cost.ForwardFlopsPerToken);
                    json.WriteStartArray("variants");
                    foreach (var variant in entry.Variants())
                        json.WriteStringValue(variant.Key());
                    json.WriteEndArray();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteStartArray("hidden");
                foreach (var hidden in ModelCatalog.Hidden)
                {
                    json.WriteStartObject();
                    json.WriteString("fullName", hidden.FullName);
                    json.WriteString("assembly", hidden.Assembly);
                    json.WriteString("reason", hidden.Reason);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        );

    private static void PrintTable(AppSession app)
    {
        if (ModelCatalog.Models.Count == 0)
        {
            app.Console.Output.WriteLine("This program declares no model; add a partial class with [Transformer].");
            PrintHidden(app);
            return;
        }

        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("model");
        table.AddColumn(new TableColumn("parameters").RightAligned());
        table.AddColumn(new TableColumn("FLOPs per token").RightAligned());
        table.AddColumn("variants");
        table.AddColumn("summary");
        foreach (var entry in ModelCatalog.Models)
        {
            table.AddRow(
                new Text(ModelNames.Short(entry)),
                new Text(ParameterWords.Of(entry.Cost)),
                new Text(Quantity.Flops(entry.Cost.ForwardFlopsPerToken)),
                new Text(string.Join(", ", entry.Variants().Select(variant => variant.Key()))),
                new Text(entry.Summary)
            );
        }

        table.Caption = new TableTitle("FLOPs: forward at the declared context, paper convention, guides gone");
        app.Console.Results.Write(table);
        PrintHidden(app);
    }

    private static void PrintHidden(AppSession app)
    {
        foreach (var hidden in ModelCatalog.Hidden)
            app.Console.Output.WriteLine($"Not listed: {hidden.FullName}, since {hidden.Reason}; make it internal or public.");
    }
}
