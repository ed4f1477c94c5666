using System.Globalization;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>
/// The tensors of gated feed-forward layers and of mixtures of experts in the files of LLaMA and of what descends from it.
/// </summary>
internal static class FeedForwardTensors
{
    /// <summary>Those of the feed-forward of one block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="name">The block's name in the file.</param>
    /// <param name="architecture">The architecture.</param>
    public static IEnumerable<FileTensor> Of(BlockWeights block, string name, Architecture architecture)
    {
        if (block.Dense is { } dense)
            return architecture == Architecture.Phi3 ? Fused(dense, $"{name}.mlp") : Apart(dense, $"{name}.mlp");
        return block.Mixture is not { } mixture ? []
            : architecture == Architecture.Mixtral ? Mixtral(mixture, $"{name}.block_sparse_moe")
            : Mixture(mixture, $"{name}.mlp");
    }

    private static IEnumerable<FileTensor> Apart(FeedForwardWeights layer, string name) =>
        Three(layer, name, "gate_proj", "up_proj", "down_proj");

    private static IEnumerable<FileTensor> Fused(FeedForwardWeights layer, string name)
    {
        LinearWeights[] up = layer.Gate is null ? [layer.Up] : [layer.Gate, layer.Up];
        return FileTensor.OfLinear($"{name}.gate_up_proj", up).Concat(FileTensor.OfLinear($"{name}.down_proj", [layer.Down]));
    }

    private static IEnumerable<FileTensor> Mixture(MixtureWeights mixture, string name)
    {
        var experts = mixture.Experts.SelectMany((expert, index) => Apart(expert, Expert(name, index)));
        return
        [
            new($"{name}.gate.weight", mixture.Router),
            .. experts,
            .. mixture.Shared is { } shared ? Apart(shared, $"{name}.shared_experts") : [],
        ];
    }

    private static IEnumerable<FileTensor> Mixtral(MixtureWeights mixture, string name) =>
        mixture
            .Experts.SelectMany((expert, index) => Three(expert, Expert(name, index), "w1", "w3", "w2"))
            .Prepend(new($"{name}.gate.weight", mixture.Router));

    private static string Expert(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}.experts.{index}");

    private static IEnumerable<FileTensor> Three(FeedForwardWeights layer, string name, string gate, string up, string down) =>
        (layer.Gate is null ? [] : FileTensor.OfLinear($"{name}.{gate}", [layer.Gate]))
            .Concat(FileTensor.OfLinear($"{name}.{up}", [layer.Up]))
            .Concat(FileTensor.OfLinear($"{name}.{down}", [layer.Down]));
}
