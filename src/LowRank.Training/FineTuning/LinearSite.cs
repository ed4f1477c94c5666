using LowRank.Blocks;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Runs;
using LowRank.Training.Variations;
using static TorchSharp.torch;

namespace LowRank.Training.FineTuning;

/// <summary>A linear layer of a model where it stands: who holds it, and which roles its outputs have.</summary>
/// <param name="Name">Its dotted name.</param>
/// <param name="Host">What holds it.</param>
/// <param name="Child">Its name there.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Roles">Its roles, in the order of their outputs; three for a fused product of queries, keys and values.</param>
internal sealed record LinearSite(string Name, ILinearHost Host, string Child, LinearLayer Layer, IReadOnlyList<LinearRole> Roles)
{
    /// <summary>Whether one product serves several roles.</summary>
    public bool IsFused => Roles.Count > 1;

    /// <summary>
    /// Every linear layer within the blocks, in the order in which they run; those of modules of the user's own left out.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InputException">The model has no <c>[Transformer]</c>, so that its layers can't be replaced.</exception>
    public static IReadOnlyList<LinearSite> Of(LanguageModel model)
    {
        var names = new Dictionary<nn.Module, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, module) in model.named_modules())
            names[module] = name;
        var layers = model
            .Sublayers.SelectMany(sublayer => sublayer.Layers.Zip(sublayer.Blocks))
            .OrderBy(pair => pair.Second)
            .Select(pair => pair.First);
        return
        [
            .. layers.SelectMany(layer =>
                // A module of the user's own holds its layers itself: [LoRA] and [LowRank] stand there.
                layer is ModuleSublayer
                    ? []
                : layer is ILinearHost host ? In(layer, host, names)
                : throw DeclarationReader.Undeclared(model, "the layers of models", "replaced")
            ),
        ];
    }

    private static IEnumerable<LinearSite> In(nn.Module layer, ILinearHost host, Dictionary<nn.Module, string> names)
    {
        foreach (var (child, module) in layer.named_children())
        {
            if (module is ConcatenatedLinear joined)
            {
                foreach (var site in In(joined, joined, names))
                    yield return site;
            }
            else if (module is LinearLayer linear)
                yield return new(names[linear], host, child, linear, RolesOf(child, linear, layer as CausalAttention));
            else
            {
                // Experts hold their own layers; those of a list are held by none but them.
                foreach (var site in In(module, module as ILinearHost ?? host, names))
                    yield return site;
            }
        }
    }

    private static IReadOnlyList<LinearRole> RolesOf(string child, LinearLayer linear, CausalAttention? attention)
    {
        if (child != "query_key_value" || attention is null)
            return [new(child, LinearRole.ProjectionOf(child), 0, linear.Outputs)];
        var (queries, keys) = ((long)attention.Heads * attention.HeadSize, (long)attention.KeyValueHeads * attention.HeadSize);
        return
        [
            new("query", Projections.Query, 0, queries),
            new("key", Projections.Key, queries, keys),
            new("value", Projections.Value, queries + keys, keys),
        ];
    }
}
