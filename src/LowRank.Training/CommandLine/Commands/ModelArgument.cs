using System.CommandLine;

namespace LowRank.Training.CommandLine.Commands;

/// <summary>The argument that names a declared model.</summary>
internal static class ModelArgument
{
    /// <summary>A new argument for a command of its own.</summary>
    public static Argument<string> Create()
    {
        var argument = new Argument<string>("MODEL") { Description = "A declared model; 'list' shows them." };
        argument.CompletionSources.Add(_ => ModelCatalog.Models.Select(entry => new System.CommandLine.Completions.CompletionItem(entry.Name)));
        return argument;
    }
}
