using LowRank.Models;
using LowRank.Training.Files;
using LowRank.Training.Pretrained.Config;
using LowRank.Training.Pretrained.Tensors;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained;

/// <summary>A Hugging Face checkpoint that was written.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Tensors">Number of tensors.</param>
/// <param name="Bytes">Their size in bytes.</param>
/// <param name="Merged">Number of factored layers that were written as their products.</param>
/// <param name="Files">The names of the files, in order.</param>
public sealed record ExportedModel(
    string Folder,
    Architecture Architecture,
    int Tensors,
    long Bytes,
    int Merged,
    IReadOnlyList<string> Files
)
{
    /// <summary>Writes a model. The folder appears whole under its name or not at all.</summary>
    /// <param name="model">The model, in the state in which it computes.</param>
    /// <param name="folder">The folder; new or empty.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="stop">Ends the work after the current tensor; nothing is left behind.</param>
    /// <exception cref="InputException">No architecture expresses the model, the folder holds something, or a value doesn't fit the
    /// precision.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public static ExportedModel Write(LanguageModel model, string folder, ExportOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        SavableWeights.RefuseDisposed(model);
        ActivatedFactors.Refuse(model, "can't be exported", $"Use its own checkpoint.");
        var declared = DeclaredWeights.Of(model);
        var architecture = ArchitectureChoice.Choose(declared.Name, declared.Facts, options.Architecture);
        var layout = TensorLayout.Of(architecture, declared);
        if (options.KeepFactors)
            KeptFactors.Check(model, architecture, layout);
        var sources = layout.Tensors.SelectMany(tensor => TensorSources.Of(tensor, options, stop)).ToList();
        var merged = options.KeepFactors ? 0 : layout.Tensors.SelectMany(tensor => tensor.Parts).OfType<FactorsWeight>().Count();
        NewFolder.Write(
            folder,
            temporary =>
            {
                var tokenizer = options.TokenizerPath is null
                    ? null
                    : ExportedTokenizer.Write(temporary, options.TokenizerPath, declared.Facts.Context);
                var keepsAny = options.KeepFactors && layout.Tensors.Any(tensor => tensor.IsFactored);
                ConfigWriter.Write(
                    Path.Combine(temporary, PretrainedConfig.FileName),
                    architecture,
                    declared.Facts,
                    options.Precision,
                    keepsAny,
                    tokenizer
                );
                // Over the settings that were made up for want of these.
                options.Companions.Write(temporary);
                ShardWriter.Write(temporary, sources, options.ShardBytes);
            }
        );
        return new ExportedModel(
            folder,
            architecture,
            sources.Count,
            sources.Sum(source => source.Bytes),
            merged,
            [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        );
    }
}
