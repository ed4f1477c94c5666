using LowRank.Benchmarks.Commands;
using LowRank.Benchmarks.Measuring;
using LowRank.Benchmarks.Peers;
using LowRank.Training;

switch (args)
{
    // What a command starts in a process of its own.
    case ["step-memory", var contender]:
        StepBenchmark.PrintMemory(contender);
        return 0;
    case [UnaidedPeer.Command]:
        StepBenchmark.ServeUnaided();
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
    Report.Print(arguments.Command.Title, arguments.Command.Run(arguments.Rounds, arguments.Part), arguments.Json);
    return 0;
}
catch (InputException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
