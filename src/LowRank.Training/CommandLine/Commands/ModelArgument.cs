using System.CommandLine;
using System.CommandLine.Completions;
using LowRank.Training.Runs;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The argument that names a declared model.</summary>
internal static class ModelArgument
{
    /// <summary>What the help says of it.</summary>
    public static string Description =>
        $"A declared model{(ModelCatalog.Models.Count > 0 ? $": {ModelLookup.Some()}" : "")}; 'list' shows them.";

    /// <summary>A new argument for a command of its own.</summary>
    public static Argument<string> Create()
    {
        // Without a name of its own the help would show every completion.
        var argument = new Argument<string>("MODEL") { Description = Description, HelpName = "MODEL" };
        argument.CompletionSources.Add(_ => ModelCatalog.Models.Select(entry => new CompletionItem(ModelNames.Short(entry))));
        return argument;
    }
}
