using System.CommandLine;
using LowRank.Training.CommandLine.Diagrams;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.CommandLine.Watching;
using LowRank.Training.Runs;
using LowRank.Training.Variations;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>describe MODEL</c>: what a model costs, as the compiler computed it.</summary>
internal static class DescribeCommand
{
    private const string Mermaid = "mermaid";
    private const string Svg = "svg";

    public static Command Create(AppSession app)
    {
        var model = ModelArgument.Create();
        // A page shows them all where none is named.
        model.Arity = ArgumentArity.ZeroOrOne;
        var json = JsonOption.Create();
        var command = new Command("describe", "Show what a model costs, part by part.") { model, json };
        var options = DescriptionOptionSet.AddTo(command);
        var diagram = new Option<string?>("--diagram")
        {
            Description = "Print a diagram of the parts instead: mermaid or svg.",
            HelpName = "FORMAT",
        };
        diagram.CompletionSources.Add(Mermaid, Svg);
        var watch = new Option<bool>("--watch")
        {
            Description =
                "Serve a page on this machine alone that follows the declaration as it is saved; without MODEL: of all models. Ctrl-C ends it.",
        };
        var port = NumberOption.Whole(
            "--port",
            $"Port of that page. Without it: {DescribeWatch.UsualPort}, or a free one where that is taken.",
            least: 1,
            most: ushort.MaxValue
        );
        var project = new Option<string?>("--project")
        {
            Description = "Project that --watch builds. Without it: that of this program, looked for from its folder upwards.",
            HelpName = "PATH",
        };
        foreach (var option in new Option[] { diagram, watch, port, project })
            command.Add(option);
        command.SetAction(arguments =>
        {
            var (name, format, isJson) = (arguments.GetValue(model), arguments.GetValue(diagram), arguments.GetValue(json));
            if (arguments.GetValue(watch))
            {
                if (isJson || format is not null)
                    throw new InputException(
                        $"--watch shows tables and diagrams on a page; leave {(isJson ? "--json" : "--diagram")} out."
                    );
                if (name is not null && VariedModel.Split(name) is (var declared, not null))
                    throw new InputException($"--watch follows what is declared; name {declared} without changes, or none for all models.");
                return DescribeWatch.Run(
                    app,
                    ModelDescriptions.Of(name, entry => options.Request(arguments, entry)),
                    [.. name is null ? Array.Empty<string>() : [name], .. options.Given(arguments)],
                    (int?)arguments.GetValue(port),
                    arguments.GetValue(project)
                );
            }

            if (arguments.Has(port) || arguments.Has(project))
                throw new InputException($"{(arguments.Has(port) ? "--port" : "--project")} is for a page; ask for one by --watch.");
            var entry = ModelLookup.Find(name ?? throw new InputException(WrongArguments.Missing(command, model)));
            var request = options.Request(arguments, entry);
            DesignRemarks.Say(app, entry);
            if (format is not null)
                PrintDiagram(app, entry, format, isJson);
            else if (isJson)
                DescriptionJson.Print(app.Console.Output, entry, request);
            else
                TerminalDescription.Print(app.Console.Results, entry, request);
            return ExitCode.Success;
        });
        return command;
    }

    private static void PrintDiagram(AppSession app, ModelEntry entry, string format, bool withJson)
    {
        if (withJson)
            throw new InputException("--diagram and --json each print a document of their own; leave one out.");
        Func<ModelDiagram, string> write = format.ToLowerInvariant() switch
        {
            Mermaid => MermaidDiagram.Write,
            Svg => SvgDiagram.Write,
            _ => throw new InputException($"--diagram takes {Mermaid} or {Svg}, not '{format}'."),
        };
        app.Console.Output.Write(write(ModelDiagram.Of(entry)));
        app.Console.Output.Flush();
    }
}
