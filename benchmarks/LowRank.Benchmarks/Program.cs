using System.Globalization;
using LowRank.Benchmarks.Commands;
using LowRank.Benchmarks.Measuring;

const string Usage = """
    benchmarks: layer | step | decode | optimizer | growth | memory   [--json] [--rounds N] [--part fp32|bf16|peers|memory]

    Every figure is a ratio of interleaved runs in this process, median and spread; see docs/performance.md.
    """;

if (args is ["step-memory", var contender])
{
    StepBenchmark.PrintMemory(contender);
    return 0;
}

var json = args.Contains("--json");
var rounds = Array.IndexOf(args, "--rounds") is var at and >= 0 && at + 1 < args.Length
    ? int.Parse(args[at + 1], CultureInfo.InvariantCulture)
    : 9;
var part = Array.IndexOf(args, "--part") is var named and >= 0 && named + 1 < args.Length ? args[named + 1] : null;
switch (args.FirstOrDefault())
{
    case "step":
        Report.Print("Training step", StepBenchmark.Run(rounds, part), json);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
