using System.CommandLine;
using LowRank.Models;
using LowRank.Training.FineTuning;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>--adapter</c>: adapters from a folder of their own.</summary>
internal static class AdapterOption
{
    /// <summary>A new option.</summary>
    public static Option<string?> Create() =>
        new("--adapter") { Description = "A folder of adapters that were trained beside this model.", HelpName = "DIR" };

    /// <summary>Gives the model the adapters that are asked for, if any are.</summary>
    /// <exception cref="InputException">The folder holds none, or those of another model.</exception>
    public static void Apply(string? folder, LanguageModel model)
    {
        if (folder is not null)
            AdapterFolder.Load(folder, model);
    }
}
