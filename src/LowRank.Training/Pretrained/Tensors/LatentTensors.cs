using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>
/// The tensors of DeepSeek's latent attention: keys and values of a head side by side, rotated elements in pairs and behind the others.
/// </summary>
internal static class LatentTensors
{
    /// <summary>Those of the attention of one block.</summary>
    /// <param name="model">The model; its declaration needs not be one of latent attention.</param>
    /// <param name="block">The block.</param>
    /// <param name="name">The attention's name in the file.</param>
    /// <param name="norms">How gains lie in the file.</param>
    /// <param name="queryScale">What queries are multiplied by when they are read.</param>
    public static IEnumerable<FileTensor> Of(DeclaredWeights model, BlockWeights block, string name, RotaryNorms norms, double queryScale)
    {
        var (facts, latent) = (model.Facts, model.Facts.Latent);
        var rotated = latent?.RotarySize ?? 0;
        // Without latent attention the declaration is refused before any row is moved.
        Lazy<RowOrder>? Order(Func<RowOrder> make) => latent is null ? null : new(make);
        if (block.QueryDown is not null)
        {
            foreach (var tensor in FileTensor.OfLinear($"{name}.q_a_proj", [block.QueryDown]))
                yield return tensor;
            if (block.QueryNorm is not null)
                yield return norms.Tensor($"{name}.q_a_layernorm", block.QueryNorm);
        }

        var order = Order(() => RowOrder.RotatedBehind(facts.Heads, facts.HeadSize, rotated));
        foreach (var tensor in FileTensor.OfLinear($"{name}.{(block.QueryDown is null ? "q_proj" : "q_b_proj")}", [block.Query], order))
            yield return tensor with
            {
                Scale = queryScale,
            };
        if (block.KeyValueDown is not null)
        {
            order = Order(() => RowOrder.RotatedLast(latent!.KeyValueRank, rotated));
            foreach (var tensor in FileTensor.OfLinear($"{name}.kv_a_proj_with_mqa", [block.KeyValueDown], order))
                yield return tensor;
        }

        if (block.KeyValueNorm is not null)
            yield return norms.Tensor($"{name}.kv_a_layernorm", block.KeyValueNorm);
        order = Order(() => RowOrder.ByHeads(facts.Heads, facts.HeadSize, latent!.ValueSize));
        foreach (
            var tensor in FileTensor
                .OfLinear($"{name}.kv_b_proj", [block.Key, block.Value], order)
                .Concat(FileTensor.OfLinear($"{name}.o_proj", [block.Output]))
        )
            yield return tensor;
    }
}
