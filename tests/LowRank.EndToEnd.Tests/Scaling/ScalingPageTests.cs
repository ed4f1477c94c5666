using System.CommandLine;
using System.Text;
using LowRank.Examples.Models;
using LowRank.Training.CommandLine.Commands;
using LowRank.Training.Tests.Runs;

namespace LowRank.EndToEnd.Tests.Scaling;

/// <summary>The tables of docs/scaling.md are what the commands above them print.</summary>
public sealed class ScalingPageTests
{
    private const string Device = " --latency 5us --flops-per-second 989e12";

    [Theory]
    [InlineData("8 GPUs", "--ranks 8 --bandwidth 450GB/s" + Device, "")]
    [InlineData("64 GPUs", "--ranks 64 --bandwidth 400Gbit/s --ranks-per-node 8 --node-bandwidth 450GB/s" + Device, "")]
    [InlineData("a slow network", "--ranks 64 --bandwidth 25Gbit/s --ranks-per-node 8 --node-bandwidth 450GB/s" + Device, "Time")]
    [InlineData("GaLore", "--ranks 64 --optimizer galore", "Sent")]
    public void The_tables_are_those_of_their_commands(string what, string options, string only)
    {
        var entry = ModelCatalog.Find(nameof(PaperXl)).Single();
        var command = new Command("describe");
        var set = DescriptionOptionSet.AddTo(command);
        var job = set.Request(command.Parse(options), entry).Ranks!;
        var page = new StringBuilder($"\n```\ndotnet run --project src/Examples -- describe {nameof(PaperXl)} {options}\n```\n");
        foreach (var table in RankTables.Of(entry, job).Where(table => table.Title.StartsWith(only, StringComparison.Ordinal)))
        {
            page.Append(CultureInvariant($"\n| {table.Title} | {string.Join(" | ", table.Columns.Skip(1))} |\n"));
            page.Append(CultureInvariant($"|---|{string.Concat(table.Columns.Skip(1).Select(_ => "---:|"))}\n"));
            foreach (var row in table.Rows)
                page.Append(CultureInvariant($"| {string.Join(" | ", row)} |\n"));
            page.Append(CultureInvariant($"\n{table.Caption}.\n"));
        }

        WrittenTable.AssertIn("scaling.md", page.Append('\n').ToString(), what, "LowRank.EndToEnd.Tests");
    }

    private static string CultureInvariant(FormattableString text) => FormattableString.Invariant(text);
}
