using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Files;
using LowRank.Training.Pretrained.Tensors;
using LowRank.Training.SafeTensors;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>Writes the adapters of a model under the names of an architecture.</summary>
internal static class PeftWriting
{
    // Hugging Face's library refuses a file that doesn't say which framework's tensors it holds.
    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal) { ["format"] = "pt" };

    /// <summary>Writes them.</summary>
    public static WrittenPeftAdapter Run(LanguageModel model, string folder, PeftOptions options, CancellationToken stop)
    {
        if (!model.LoraAdapters.Any())
            throw new InputException($"{model.Accounting.Model} has no adapters to write.");
        var declared = DeclaredWeights.Of(model);
        var architecture = ArchitectureChoice.Choose(declared.Name, declared.Facts, options.Architecture);
        var modules = PeftModules.Of(model, declared, architecture);
        List<PeftMatrices> matrices = [.. modules.Select(Adapted).OfType<PeftMatrices>()];
        if (matrices.Find(one => one.Module.MayBeScaled) is { } scaled)
            throw new InputException(
                $"The adapters of {declared.Name} stand beside '{scaled.Module.Name}', {PeftModules.Scaled}; export the model with its adapters merged."
            );
        List<SafeTensorSource> sources = [.. matrices.SelectMany(one => Sources(one, options.Precision, stop))];
        NewFolder.Write(
            folder,
            temporary =>
            {
                PeftConfigWriter.Write(
                    Path.Combine(temporary, PeftAdapter.ConfigFile),
                    matrices,
                    [.. modules.Select(module => module.Name)],
                    options.BaseModel,
                    hasConvolutions: architecture == Architecture.Gpt2
                );
                SafeTensorsFile.Write(Path.Combine(temporary, PeftFile.FileName), sources, Metadata);
            }
        );
        return new WrittenPeftAdapter(
            folder,
            architecture,
            [.. matrices.Select(one => one.Module.Name)],
            sources.Sum(source => source.Bytes)
        );
    }

    private static PeftMatrices? Adapted(PeftModule module)
    {
        var parts = new List<PeftMatrices.Part>();
        long start = 0;
        foreach (var rows in module.Rows)
        {
            foreach (var adapter in (rows.Site.Layer as LoraLinear)?.Adapters ?? [])
            {
                // What the adapter and the module have in common.
                var first = Math.Max(rows.First, adapter.Part.FirstOutput);
                var end = Math.Min(rows.First + rows.Count, adapter.Part.FirstOutput + adapter.Part.Outputs);
                if (first < end)
                    parts.Add(new(adapter, first - adapter.Part.FirstOutput, end - first, start + first - rows.First));
            }

            start += rows.Count;
        }

        return parts.Count == 0 ? null : new PeftMatrices(module, parts);
    }

    private static IEnumerable<SafeTensorSource> Sources(PeftMatrices one, WeightPrecision precision, CancellationToken stop)
    {
        var (module, rank) = (one.Module, one.Rank);
        yield return TensorSources.Source(PeftFile.NameOfA(module.Name), [rank, module.Inputs], one.A, precision, stop);
        yield return TensorSources.Source(PeftFile.NameOfB(module.Name), [module.Outputs, rank], one.B, precision, stop);
    }
}
