using LowRank.Blocks;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Training.Weights;

/// <summary>Finds the weights of generated layers by the names under which their parts are registered.</summary>
/// <param name="nameOf">The dotted name of a module of the model.</param>
internal sealed class LayerReader(Func<nn.Module, string> nameOf)
{
    /// <summary>The weights of a block.</summary>
    /// <param name="layers">Its attention and its feed-forward layer.</param>
    public BlockWeights Block(IEnumerable<nn.Module> layers)
    {
        var (attention, feedForward) = (default(CausalAttention), default(nn.Module));
        foreach (var layer in layers)
        {
            if (layer is CausalAttention attends)
                attention = attends;
            else
                feedForward = layer;
        }

        var attentionParts = Parts(attention!);
        var (query, key, value) = attentionParts.TryGetValue("query_key_value", out var joined)
            ? QueryKeyValue(joined, attention!)
            : (Linear(attentionParts["query"]), Linear(attentionParts["key"]), Linear(attentionParts["value"]));
        var parts = Parts(feedForward!);
        return new BlockWeights
        {
            AttentionNorm = OptionalNorm(attentionParts, "norm"),
            AttentionPostNorm = OptionalNorm(attentionParts, "post_norm"),
            Query = query,
            Key = key,
            Value = value,
            Output = Linear(attentionParts["output"]),
            QueryNorm = OptionalNorm(attentionParts, "query_norm")?.Weight,
            KeyNorm = OptionalNorm(attentionParts, "key_norm")?.Weight,
            QueryDown = attentionParts.TryGetValue("query_down", out var queryDown) ? Linear(queryDown) : null,
            KeyValueDown = attentionParts.TryGetValue("key_value_down", out var keyValueDown) ? Linear(keyValueDown) : null,
            KeyValueNorm = OptionalNorm(attentionParts, "key_value_norm")?.Weight,
            FeedForwardNorm = OptionalNorm(parts, "norm"),
            FeedForwardPostNorm = OptionalNorm(parts, "post_norm"),
            Dense = feedForward is ExpertFeedForward ? null : FeedForward(parts),
            Mixture = feedForward is ExpertFeedForward mixture ? Mixture(mixture) : null,
        };
    }

    /// <summary>An embedding.</summary>
    public ModelWeight Table(nn.Module module) =>
        module is Embedding table ? new ParameterWeight($"{nameOf(module)}.weight", table.Weight) : throw Unknown(module);

    /// <summary>A norm.</summary>
    public LinearWeights Norm(nn.Module module) =>
        module switch
        {
            RmsNorm norm => new(new ParameterWeight($"{nameOf(module)}.weight", norm.Weight), null),
            LayerNorm norm => new(
                new ParameterWeight($"{nameOf(module)}.weight", norm.Weight),
                norm.Bias is null ? null : new ParameterWeight($"{nameOf(module)}.bias", norm.Bias)
            ),
            _ => throw Unknown(module),
        };

    private FeedForwardWeights FeedForward(Dictionary<string, nn.Module> parts) =>
        new(parts.TryGetValue("gate", out var gate) ? Linear(gate) : null, Linear(parts["up"]), Linear(parts["down"]));

    private MixtureWeights Mixture(ExpertFeedForward mixture)
    {
        var (router, name) = (mixture.Router, nameOf(mixture.Router));
        return new(
            new ParameterWeight($"{name}.weight", router.Weight),
            router.BalanceBias is { } bias ? new ParameterWeight($"{name}.{Router.BiasName}", bias) : null,
            [.. mixture.Experts.Select(expert => FeedForward(Parts(expert)))],
            mixture.SharedExpert is { } shared ? FeedForward(Parts(shared)) : null
        );
    }

    private LinearWeights? OptionalNorm(Dictionary<string, nn.Module> parts, string name) =>
        parts.TryGetValue(name, out var norm) ? Norm(norm) : null;

    /// <summary>A linear layer, dense or factored.</summary>
    public LinearWeights Linear(nn.Module module)
    {
        var name = nameOf(module);
        return module switch
        {
            Linear linear => Rows(linear, name, 0, linear.Outputs),
            LoraLinear adapted => Rows(adapted, name, 0, adapted.Outputs),
            LowRankLinear factored => new(
                new FactorsWeight(name, factored),
                factored.Bias is null ? null : new ParameterWeight($"{name}.bias", factored.Bias)
            ),
            _ => throw Unknown(module),
        };
    }

    // One product where all three are dense, three layers where any is factored.
    private (LinearWeights Query, LinearWeights Key, LinearWeights Value) QueryKeyValue(nn.Module module, CausalAttention attention)
    {
        if (module is ConcatenatedLinear)
        {
            var parts = Parts(module);
            return (Linear(parts["query"]), Linear(parts["key"]), Linear(parts["value"]));
        }

        var (queries, keys) = ((long)attention.Heads * attention.HeadSize, (long)attention.KeyValueHeads * attention.HeadSize);
        var name = nameOf(module);
        if (module is LoraLinear adapted)
            return (Rows(adapted, name, 0, queries), Rows(adapted, name, queries, keys), Rows(adapted, name, queries + keys, keys));
        if (module is not Linear fused)
            throw Unknown(module);
        return (Rows(fused, name, 0, queries), Rows(fused, name, queries, keys), Rows(fused, name, queries + keys, keys));
    }

    private static LinearWeights Rows(Linear linear, string name, long first, long count) =>
        new(
            new ParameterWeight($"{name}.weight", linear.Weight, first, count),
            linear.Bias is null ? null : new ParameterWeight($"{name}.bias", linear.Bias, first, count)
        );

    private static LinearWeights Rows(LoraLinear linear, string name, long first, long count) =>
        new(
            new AdaptedWeight($"{name}.weight", linear, first, count),
            linear.Bias is null ? null : new ParameterWeight($"{name}.bias", linear.Bias, first, count)
        );

    private static Dictionary<string, nn.Module> Parts(nn.Module module) =>
        module.named_children().ToDictionary(child => child.name, child => child.module, StringComparer.Ordinal);

    private InvalidOperationException Unknown(nn.Module module) =>
        new($"'{nameOf(module)}' is a {module.GetType().Name}, whose weights are not known.");
}
