using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>Fills a dense model with the products U·V of its factored sister: the same function in full-size matrices.</summary>
internal static class MergedWeights
{
    private const string Fused = "query_key_value.weight";

    public static void Load(LanguageModel dense, LanguageModel factored)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var weights = factored.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter, StringComparer.Ordinal);
        Tensor Product(string layer) => weights[$"{layer}.u"].mm(weights[$"{layer}.v"]);
        foreach (var (name, parameter) in dense.named_parameters())
        {
            if (weights.TryGetValue(name, out var weight))
            {
                parameter.copy_(weight);
            }
            else if (name.EndsWith(Fused, StringComparison.Ordinal))
            {
                var layer = name[..^".weight".Length];
                parameter.copy_(cat([Product($"{layer}.query"), Product($"{layer}.key"), Product($"{layer}.value")], 0));
            }
            else
            {
                parameter.copy_(Product(name[..^".weight".Length]));
            }
        }
    }
}
