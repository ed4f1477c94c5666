using System.CommandLine;
using LowRank.Models;
using LowRank.Training.FineTuning;
using LowRank.Training.Pretrained.Adapters;

namespace LowRank.Training.CommandLine.Commands;

/// <summary><c>--adapter</c>: adapters from a folder of their own.</summary>
internal static class AdapterOption
{
    /// <summary>A new option.</summary>
    public static Option<string?> Create() =>
        new("--adapter")
        {
            Description = "A folder of adapters that were trained beside this model, by this program or by Hugging Face's PEFT.",
            HelpName = "DIR",
        };

    /// <summary>Gives the model the adapters that are asked for, if any are.</summary>
    /// <exception cref="InputException">The folder holds none, or those of another model.</exception>
    public static void Apply(string? folder, LanguageModel model)
    {
        if (folder is null)
            return;
        var isOwn = File.Exists(Path.Combine(folder, AdapterFolder.InfoFile));
        if (!isOwn && !PeftAdapter.IsIn(folder))
            throw new InputException(
                $"There are no usable adapters in '{folder}': it holds neither {AdapterFolder.InfoFile}, as runs write it, nor {PeftAdapter.ConfigFile}, as PEFT does."
            );
        if (isOwn)
            AdapterFolder.Load(folder, model);
        else
            PeftAdapter.Load(folder, model);
    }
}
