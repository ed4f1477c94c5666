using System.CommandLine;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The option that asks for a document instead of a table.</summary>
internal static class JsonOption
{
    /// <summary>A new option for a command of its own.</summary>
    public static Option<bool> Create() =>
        new("--json") { Description = "Print one JSON document on standard output, and nothing else there." };
}
