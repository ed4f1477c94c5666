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

    /// <summary>Whether the weights that were read may be its own times a number that the declaration doesn't say.</summary>
    public bool MayBeScaled { get; init; }

    /// <summary>Its inputs.</summary>
    public long Inputs => Rows[0].Site.Layer.Inputs;

    /// <summary>Its outputs.</summary>
    public long Outputs => Rows.Sum(rows => rows.Count);
}

/// <summary>The linear modules of a declared model as an architecture names them: what adapters can stand beside.</summary>
internal static class PeftModules
{
    /// <summary>Why adapters of queries that <see cref="PeftModule.MayBeScaled"/> are left alone.</summary>
    public const string Scaled = "whose weights may hold a scale of YaRN's (mscale_all_dim) that an adapter would have to be multiplied by";

    private const string WeightSuffix = ".weight";

    /// <summary>Those of the architecture whose names a file uses.</summary>
    /// <param name="model">The model.</param>
    /// <param name="names">The modules that the file has adapters of.</param>
    /// <returns>The modules of the first architecture that has all of the names, or of the first that expresses the declaration.</returns>
    /// <exception cref="InputException">No architecture expresses the declaration.</exception>
    public static IReadOnlyList<PeftModule> Of(LanguageModel model, IReadOnlyCollection<string> names)
    {
        var declared = DeclaredWeights.Of(model);
        var sites = Sites(model);
        // Refuses what no architecture expresses.
        _ = ArchitectureChoice.Choose(declared.Name, declared.Facts, asked: null);
        List<Architecture> fitting =
        [
            .. Enum.GetValues<Architecture>().Where(architecture => ArchitectureChoice.Reasons(architecture, declared.Facts).Count == 0),
        ];
        foreach (var (architecture, isBare) in fitting.SelectMany(one => new[] { (one, false), (one, true) }))
        {
            var modules = Of(declared, sites, architecture, isBare);
            if (names.All(name => modules.Any(module => module.Name == name)))
                return modules;
        }

        return Of(declared, sites, fitting[0], isBare: false);
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
        // DeepSeek's code multiplies the scores by a number of YaRN's, and weights that are read hold it.
        var hasScale = architecture == Architecture.DeepSeekV2 && declared.Facts.Rotations.Any(IsYarn);
        return
        [
            .. layout
                .Tensors.Where(tensor =>
                    tensor.Name.EndsWith(WeightSuffix, StringComparison.Ordinal)
                    && tensor.Parts.All(part => part.Shape.Length == 2 && sites.ContainsKey(part.LayerName))
                )
                .Select(tensor => new PeftModule(tensor.Name[..^WeightSuffix.Length], Rows(tensor, sites))
                {
                    Order = tensor.Order,
                    MayBeScaled = hasScale && tensor.Parts.Any(part => sites[part.LayerName].Roles[0].Name == "query"),
                }),
        ];
    }

    private static bool IsYarn(RotationFacts? rotation) => rotation?.Scaling?.Type == RotaryScalingType.Yarn;

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
