using LowRank.Benchmarks.Commands;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Peers;
using LowRank.Training;
using LowRank.Training.CommandLine.Options;

switch (args)
{
    // What a command starts in a process of its own.
    case ["step-memory", var contender]:
        StepBenchmark.PrintMemory(contender);
        return 0;
    case [UnaidedPeer.Command]:
        StepBenchmark.ServeUnaided();
        return 0;
    case ["gpu-memory", var device, var width, var form]:
        GpuBenchmark.PrintMemory(device, width, form);
        return 0;
    case ["gpu-results", var card, .. var files]:
        GpuResultsFile.Update(card, files);
        return 0;
    case [RankedTraining.Command, .. var run]:
        RankedTraining.Print(run);
        return 0;
    case ["memory-run", var kind]:
        MemoryBenchmark.PrintRun(kind);
        return 0;
}

if (!Arguments.TryRead(args, out var arguments, out var error))
{
    Console.Error.WriteLine($"{error}\n\n{Arguments.Usage}");
    return 1;
}

try
{
    var figures = arguments.Command.Run(arguments);
    if (arguments.Write is { } file)
        File.WriteAllText(file, Report.Document(figures) + "\n");
    Report.Print(arguments.Command.Title, figures, arguments.Json);
    return 0;
}
catch (InputException exception)
{
    Console.Error.WriteLine(exception.Say(FlagNames.Of));
    return 1;
}
