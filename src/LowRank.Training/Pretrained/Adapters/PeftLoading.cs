using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.FineTuning;
using LowRank.Training.Json;
using static TorchSharp.torch;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>Gives a model the adapters of a folder: all is compared before anything is changed.</summary>
internal sealed class PeftLoading
{
    private readonly LanguageModel model;
    private readonly string configPath;
    private readonly PeftConfig config;
    private readonly PeftFile file;
    private readonly IReadOnlyList<(PeftModule Module, IReadOnlyList<LoraPart> Parts)> adapted;

    private PeftLoading(LanguageModel model, string folder)
    {
        this.model = model;
        configPath = Path.Combine(folder, PeftAdapter.ConfigFile);
        config = PeftConfig.Read(configPath);
        file = PeftFile.Open(folder);
        var modules = PeftModules.Of(model, file.Modules);
        CheckNames(modules);
        adapted =
        [
            .. modules
                .Where(module => file.Modules.Contains(module.Name))
                .Select(module =>
                    (
                        module,
                        (IReadOnlyList<LoraPart>)
                            [.. module.Rows.Select(rows => config.PartOf(module.Name, rows.Role, rows.First, rows.Count))]
                    )
                ),
        ];
        foreach (var (module, parts) in adapted)
            Check(module, parts);
    }

    /// <summary>Does it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder.</param>
    public static void Run(LanguageModel model, string folder) => new PeftLoading(model, folder).Load();

    private void CheckNames(IReadOnlyList<PeftModule> modules)
    {
        var known = modules.Select(module => module.Name).ToHashSet(StringComparer.Ordinal);
        if (file.Modules.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new InputException(
                $"'{configPath}' and the file beside it adapt '{ShownText.Of(unknown)}', which is no linear layer within the blocks of {model.Accounting.Model}; it has {ShownText.List([.. modules.Select(module => module.Name)], 7)}."
            );
        var present = file.Modules.ToHashSet(StringComparer.Ordinal);
        foreach (var module in modules)
        {
            var isTarget = config.Targets.Include(module.Name);
            if (present.Contains(module.Name) && !isTarget)
                throw new InputException(
                    $"{PeftFile.FileName} beside '{configPath}' adapts '{module.Name}', which its target_modules, exclude_modules and layers_to_transform leave out; use the files that were written together."
                );
            if (config.Targets.IsGiven && isTarget && !present.Contains(module.Name))
                throw new InputException(
                    $"'{configPath}' adapts '{module.Name}', of which {PeftFile.FileName} holds nothing; use the files that were written together."
                );
        }

        if (present.Count == 0)
            throw new InputException($"'{configPath}' adapts no layer of {model.Accounting.Model}, and {PeftFile.FileName} holds nothing.");
    }

    private void Check(PeftModule module, IReadOnlyList<LoraPart> parts)
    {
        file.CheckShapes(module, parts[0].Rank);
        if (module.MayBeScaled)
            throw new InputException(
                $"'{configPath}' adapts '{module.Name}', {PeftModules.Scaled}; merge the adapters into their model with the library that made them, and import that."
            );
        foreach (var (rows, part) in module.Rows.Zip(parts))
        {
            if (rows.Site.Layer is LowRankLinear)
                throw new InputException(
                    $"'{configPath}' adapts '{module.Name}', which {model.Accounting.Model} holds in factors as '{rows.Site.Name}'; import the base model into a dense one."
                );
            var most = Math.Min(module.Inputs, rows.Count);
            if (part.Rank > most)
                throw new InputException(
                    $"'{configPath}' gives '{module.Name}' the rank {part.Rank}, and {most}, the smaller side of its weight, is the most that is read; merge the adapters into their model with the library that made them, and import that."
                );
        }
    }

    // Read before the model is changed: a damaged file leaves it as it was.
    private void Load()
    {
        var read = new List<Tensor>();
        try
        {
            foreach (var (module, _) in adapted)
            {
                read.Add(file.Read(PeftFile.NameOfA(module.Name)));
                read.Add(file.Read(PeftFile.NameOfB(module.Name)));
            }

            AdapterFolder.Give(Layers(), model, configPath);
            for (var index = 0; index < adapted.Count; index++)
                Copy(adapted[index].Module, adapted[index].Parts, read[2 * index], read[2 * index + 1]);
        }
        finally
        {
            read.ForEach(matrix => matrix.Dispose());
        }
    }

    // In the order of the layers, as every list of a model's adapters is.
    private List<AdaptedLayer> Layers()
    {
        var parts = adapted
            .SelectMany(entry => entry.Module.Rows.Zip(entry.Parts, (rows, part) => (rows.Site.Name, Part: part)))
            .ToLookup(entry => entry.Name, entry => entry.Part, StringComparer.Ordinal);
        return
        [
            .. LinearSite
                .Of(model)
                .Where(site => parts.Contains(site.Name))
                .Select(site => new AdaptedLayer(site.Name, [.. parts[site.Name].OrderBy(part => part.FirstOutput)])),
        ];
    }

    private void Copy(PeftModule module, IReadOnlyList<LoraPart> parts, Tensor a, Tensor b)
    {
        using var noGradient = no_grad();
        long first = 0;
        foreach (var (rows, part) in module.Rows.Zip(parts))
        {
            var layer = (LoraLinear)LinearSite.Of(model).Single(site => site.Name == rows.Site.Name).Layer;
            var adapter = layer.Adapters.Single(adapter => adapter.Part == part);
            adapter.A.copy_(a);
            using var itsRows = module.Order is { } order ? order.Value.FromFile(b, first, rows.Count) : b.narrow(0, first, rows.Count);
            adapter.B.copy_(itsRows);
            first += rows.Count;
        }
    }
}
