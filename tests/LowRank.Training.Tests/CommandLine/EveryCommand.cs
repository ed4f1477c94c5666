using System.CommandLine;
using LowRank.Training.CommandLine;

namespace LowRank.Training.Tests.CommandLine;

/// <summary>The command line, to be asked and not to be run.</summary>
internal static class EveryCommand
{
    public static RootCommand Create() =>
        LowRankApp.Commands(
            new AppSession(
                new AppConsole(TextWriter.Null, TextWriter.Null, TextReader.Null),
                new AppDefaults(),
                [],
                new StopSignals(TextWriter.Null, default)
            )
        );
}
