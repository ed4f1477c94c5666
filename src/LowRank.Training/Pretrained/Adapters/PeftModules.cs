using LowRank.Models;
using LowRank.Training.FineTuning;
using LowRank.Training.Pretrained.Tensors;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Adapters;

/// <summary>Outputs of a layer here that are outputs of a module there.</summary>
/// <param name="Site">The layer.</param>
/// <param name="Role">What the outputs are in it; empty for all of them.</param>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many they are.</param>
internal sealed record PeftRows(LinearSite Site, string Role, long First, long Count);

/// <summary>A linear module of a Hugging Face model, and the layers here whose outputs it makes, one below the other.</summary>
/// <param name="Name">Its name in the model, such as <c>model.layers.0.self_attn.q_proj</c>.</param>
/// <param name="Rows">The layers' outputs.</param>
internal sealed record PeftModule(string Name, IReadOnlyList<PeftRows> Rows)
{
    /// <summary>In which order its outputs lie there; null for that of the layers.</summary>
    public Lazy<RowOrder>? Order { get; init; }

    /// <summary>Its inputs.</summary>
    public long Inputs => Rows[0].Site.Layer.Inputs;

    /// <summary>Its outputs.</summary>
    public long Outputs => Rows.Sum(rows => rows.Count);
}

/// <summary>The linear modules of a declared model as an architecture names them: what adapters can stand beside.</summary>
internal static class PeftModules
{
    private const string WeightSuffix = ".weight";

    // Of mixtures of experts and of latent attention no adapter has been tried.
    private static readonly Architecture[] Known =
    [
        Architecture.Gpt2,
        Architecture.Llama,
        Architecture.Mistral,
        Architecture.Qwen2,
        Architecture.Qwen3,
        Architecture.Olmo2,
        Architecture.Gemma2,
        Architecture.Gemma3Text,
        Architecture.GptNeo,
        Architecture.Phi3,
        Architecture.GptNeoX,
    ];

    /// <summary>Those of the architecture whose names a file uses.</summary>
    /// <param name="model">The model.</param>
    /// <param name="names">The modules that the file has adapters of.</param>
    /// <returns>The modules of the first architecture that has all of the names, or of the first that expresses the declaration.</returns>
    /// <exception cref="InputException">No architecture expresses the declaration.</exception>
    public static IReadOnlyList<PeftModule> Of(LanguageModel model, IReadOnlyCollection<string> names)
    {
        var declared = DeclaredWeights.Of(model);
        var sites = Sites(model);
        var usual = ArchitectureChoice.Choose(declared.Name, declared.Facts, asked: null);
        List<Architecture> fitting = [.. Known.Where(architecture => ArchitectureChoice.Reasons(architecture, declared.Facts).Count == 0)];
        if (fitting.Count == 0)
            RefuseUnknown(usual);
        foreach (var (architecture, isBare) in fitting.SelectMany(one => new[] { (one, false), (one, true) }))
        {
            var modules = Of(declared, sites, architecture, isBare);
            if (names.All(name => modules.Any(module => module.Name == name)))
                return modules;
        }

        return Of(declared, sites, fitting[0], isBare: false);
    }

    /// <summary>Refuses an architecture whose adapters are not read or written.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <exception cref="InputException">It is none that is known here.</exception>
    public static void RefuseUnknown(Architecture architecture)
    {
        if (!Known.Contains(architecture))
            throw new InputException(
                $"Adapters of {architecture.Key()} are neither read nor written; those of {string.Join(", ", Known.Select(known => known.Key()))} are."
            );
    }

    /// <summary>Those of an architecture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="declared">Its weights.</param>
    /// <param name="architecture">The architecture.</param>
    public static IReadOnlyList<PeftModule> Of(LanguageModel model, DeclaredWeights declared, Architecture architecture) =>
        Of(declared, Sites(model), architecture, isBare: false);

    private static Dictionary<string, LinearSite> Sites(LanguageModel model) =>
        LinearSite.Of(model).ToDictionary(site => site.Name, StringComparer.Ordinal);

    private static List<PeftModule> Of(
        DeclaredWeights declared,
        Dictionary<string, LinearSite> sites,
        Architecture architecture,
        bool isBare
    )
    {
        // An adapter of the model without its head has names without the first part.
        var layout = TensorLayout.Of(architecture, declared, isBare ? name => name.Count(letter => letter == '.') == 1 : null);
        return
        [
            .. layout
                .Tensors.Where(tensor =>
                    tensor.Name.EndsWith(WeightSuffix, StringComparison.Ordinal)
                    && tensor.Parts.All(part => part.Shape.Length == 2 && sites.ContainsKey(part.LayerName))
                )
                .Select(tensor => new PeftModule(tensor.Name[..^WeightSuffix.Length], Rows(tensor, sites)) { Order = tensor.Order }),
        ];
    }

    private static List<PeftRows> Rows(FileTensor tensor, Dictionary<string, LinearSite> sites)
    {
        var rows = new List<PeftRows>();
        foreach (var part in tensor.Parts)
        {
            var (site, first, count) = (sites[part.LayerName], part.FirstOutput, part.Shape[0]);
            // One module for several roles of one layer.
            if (rows is [.., var last] && last.Site == site && last.First + last.Count == first)
            {
                rows.RemoveAt(rows.Count - 1);
                (first, count) = (last.First, last.Count + count);
            }

            var role = site.Roles.FirstOrDefault(role => role.FirstOutput == first && role.Outputs == count);
            rows.Add(new PeftRows(site, count == site.Layer.Outputs ? "" : role?.Name ?? "", first, count));
        }

        return rows;
    }
}
