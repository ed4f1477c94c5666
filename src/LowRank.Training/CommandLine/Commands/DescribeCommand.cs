using System.CommandLine;
using LowRank.Training.CommandLine.Diagrams;
using LowRank.Training.CommandLine.Options;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>describe MODEL</c>: what a model costs, as the compiler computed it.</summary>
internal static class DescribeCommand
{
    private const string Mermaid = "mermaid";
    private const string Svg = "svg";
    private const string Flops = "--flops-per-second";
    private const string Utilization = "--utilization";
    private const string Tokens = "--tokens";

    // What well-tuned training of transformers reaches.
    private const double UsualUtilization = 0.4;

    public static Command Create(AppSession app)
    {
        var model = ModelArgument.Create();
        var json = JsonOption.Create();
        var flops = NumberOption.Real(
            Flops,
            "Peak FLOP/s of a device, such as 989e12, on which the training time is estimated.",
            value => value is >= 1 and <= 1e24,
            "from 1 to 1e24"
        );
        var utilization = NumberOption.Real(
            Utilization,
            "Share of the peak that training reaches (0.4).",
            value => value is > 0 and <= 1,
            "in (0, 1]"
        );
        var tokens = NumberOption.Whole(Tokens, "Tokens of the timed training. Without it: those of the declared run.", least: 1);
        var memory = ByteSizeOption.Create("--memory", "Memory of a device: which micro-batch fits there. Without it: usual sizes.");
        var diagram = new Option<string?>("--diagram")
        {
            Description = "Print a diagram of the parts instead: mermaid or svg.",
            HelpName = "FORMAT",
        };
        diagram.CompletionSources.Add(Mermaid, Svg);
        var command = new Command("describe", "Show what a model costs, part by part.")
        {
            model,
            json,
            flops,
            utilization,
            tokens,
            memory,
            diagram,
        };
        command.SetAction(arguments =>
        {
            var entry = ModelLookup.Find(arguments.GetRequiredValue(model));
            var request = new DescriptionRequest(
                Device(entry, arguments.GetValue(flops), arguments.GetValue(utilization), arguments.GetValue(tokens)),
                arguments.GetValue(memory) is { } size ? [size] : DescriptionRequest.UsualMemory
            );
            if (arguments.GetValue(diagram) is { } format)
                PrintDiagram(app, entry, format, arguments.GetValue(json));
            else if (arguments.GetValue(json))
                DescriptionJson.Print(app.Console.Output, entry, request);
            else
                DescriptionTables.Print(app.Console.Results, entry, request);
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

    private static StatedDevice? Device(ModelEntry entry, double? flops, double? utilization, long? tokens)
    {
        if (flops is { } peak)
        {
            return (tokens ?? entry.Cost.Run?.Tokens) is { } trained
                ? new(peak, utilization ?? UsualUtilization, trained)
                : throw new InputException($"{entry.Name} declares no training run, so say how many tokens: {Tokens} N.");
        }

        return (utilization, tokens) is (null, null)
            ? null
            : throw new InputException(
                $"{(utilization is null ? Tokens : Utilization)} is for an estimate of time; say the device's {Flops} too."
            );
    }
}
