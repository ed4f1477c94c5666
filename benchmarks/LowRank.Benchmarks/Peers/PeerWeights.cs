using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>A generated model's weights under the names that the peers give them: every contender starts from the same numbers.</summary>
internal static class PeerWeights
{
    private static readonly string[] Projections = ["query", "key", "value"];

    /// <summary>Copies of all weights, by the peer's names.</summary>
    public static Dictionary<string, Tensor> Of(LanguageModel model)
    {
        using var noGradient = no_grad();
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var width = model.HeadWeight.shape[1];
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            var own = parameter.detach().cpu();
            if (name.EndsWith("query_key_value.weight", StringComparison.Ordinal))
            {
                // Fused here, three layers there.
                var prefix = Rename(name[..^"query_key_value.weight".Length]);
                for (var index = 0; index < Projections.Length; index++)
                    weights[$"{prefix}{Projections[index]}.weight"] = own.narrow(0, index * width, width).clone().MoveToOuterDisposeScope();
                continue;
            }

            weights[Rename(name)] = own.clone().MoveToOuterDisposeScope();
        }

        return weights;
    }

    /// <summary>Fills a hand-written model.</summary>
    public static void Load(nn.Module peer, Dictionary<string, Tensor> weights)
    {
        using var noGradient = no_grad();
        foreach (var (name, parameter) in peer.named_parameters())
        {
            if (!weights.TryGetValue(name, out var weight))
                throw new InvalidOperationException($"No weight for {name}.");
            parameter.copy_(weight);
        }
    }

    private static string Rename(string name) =>
        name.Replace("attention.norm.", "attentionNorm.", StringComparison.Ordinal)
            .Replace("feed_forward.norm.", "feedForwardNorm.", StringComparison.Ordinal)
            .Replace("feed_forward.", "feedForward.", StringComparison.Ordinal)
            .Replace("final_norm.", "norm.", StringComparison.Ordinal)
            .Replace("query_key_value.", "", StringComparison.Ordinal)
            .Replace(".guide", ".guide.weight", StringComparison.Ordinal)
            is var renamed
        && renamed.EndsWith(".u", StringComparison.Ordinal)
            ? renamed[..^1] + "1.weight"
        : renamed.EndsWith(".v", StringComparison.Ordinal) ? renamed[..^1] + "0.weight"
        : renamed;
}
