using System.CommandLine;
using LowRank.Training.CommandLine.Exploring;
using LowRank.Training.Runs;
using LowRank.Training.Variations;
using LowRank.Training.Wording;
using Spectre.Console;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>explore MODEL RANGES</c>: what a model would cost with other numbers, and what fits its budget.</summary>
internal static class ExploreCommand
{
    // More are a page's or a program's to read.
    private const int MostRows = 60;

    public static Command Create(AppSession app)
    {
        var model = ModelArgument.Create();
        var ranges = new Argument<string[]>("RANGES")
        {
            Description =
                "What to vary: rank, ratio, phaseOut, width, depth, hidden, heads, keyValueHeads, keyValueRank, of one sublayer as FeedForward.rank. Values: 16,32 or 16..64:16 (every 16) or 16..128*2 (doubled); rank=16..64 takes the tile grid. Without it: ranks up to the largest that saves.",
            HelpName = "NAME=VALUES",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var experiments = new Option<string[]>("--experiment")
        {
            Description = "Experiments whose measured perplexities are shown: their files, or the folders that they write.",
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
        };
        var html = new Option<string?>("--html") { Description = "Write a page with charts and all points.", HelpName = "FILE" };
        var json = JsonOption.Create();
        var command = new Command("explore", "Work out what a model costs with other ranks, widths and depths, and what fits its budget.")
        {
            model,
            ranges,
            experiments,
            html,
            json,
        };
        command.SetAction(arguments =>
        {
            var entry = ModelLookup.Find(arguments.GetRequiredValue(model));
            if (ModelLookup.Declared(entry) != entry)
                throw new InputException(
                    $"{entry.Name} is varied already; explore {ModelLookup.Declared(entry).Name} and name the other values."
                );
            if (arguments.GetValue(html) is { } place)
                ExplorationFile.Check(place);
            var asked = arguments.GetValue(ranges) ?? [];
            var space = asked.Length == 0 ? DesignSpace.Usual(entry) : DesignSpace.Parse(asked);
            var measured = MeasuredPerplexity.Read(arguments.GetValue(experiments) ?? []);
            var exploration = Exploration.Of(entry, space, measured);
            foreach (var note in PartSizes.Notes(DeclarationReader.Of(entry), space.Axes.Select(axis => axis.Place)))
                app.Say($"Note: {note}");
            if (arguments.Has(experiments) && exploration.Points.All(point => point.Measured is null))
                app.Say(
                    $"Note: what {experiments.Name} has measured ({measured.Count} design{(measured.Count == 1 ? "" : "s")}) is of none of these, each trained as {exploration.Variant.Key()}."
                );
            if (arguments.GetValue(html) is { } path)
                ExplorationFile.Write(path, ExplorationPage.Write(exploration, ShellText.Command(app.Arguments), app.Say));

            if (arguments.GetValue(json))
                ExplorationJson.Print(app.Console.Output, exploration);
            else
            {
                Print(app.Console.Results, exploration);
                if (
                    exploration.Points.LastOrDefault(point => point.IsOnFront && point.Flops != exploration.Points[0].Flops) is
                    { Entry: { } design }
                )
                    app.Say($"A design is a model by its name, for every command and in experiments: describe {ModelNames.Short(design)}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Print(IAnsiConsole console, Exploration exploration)
    {
        var isLong = exploration.Points.Count > MostRows;
        var table = new Table { Border = TableBorder.Rounded };
        var shown = isLong ? exploration.Front : exploration;
        var head = ExplorationTable.Head(shown);
        for (var column = 0; column < head.Count; column++)
            table.AddColumn(
                new TableColumn(head[column]) { Alignment = column == 0 || head[column] == "remarks" ? Justify.Left : Justify.Right }
            );
        foreach (var point in shown.Points)
            table.AddRow(ExplorationTable.Row(shown, point, isShort: true).Select(cell => new Text(cell)));
        table.Caption = new TableTitle(
            (
                isLong
                    ? $"{Quantity.Count(exploration.Points.Count - 1)} points, of which the Pareto points are shown; --html and --json have all. "
                    : ""
            ) + ExplorationTable.Caption
        );
        console.Write(table);
    }
}
