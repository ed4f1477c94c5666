using System.Globalization;
using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>The tensors of GPT-NeoX: queries, keys and values of a head side by side.</summary>
internal static class GptNeoXTensors
{
    public const string Prefix = "gpt_neox.";

    public const string Embedding = "embed_in.weight";

    public const string Head = "embed_out.weight";

    public static IEnumerable<FileTensor> List(DeclaredWeights model, string prefix)
    {
        var (heads, size) = (model.Facts.Heads, model.Facts.HeadSize);
        var isAlike = model.Facts.KeyValueHeads == heads && model.Facts.Latent is null;
        // Fewer keys and values are refused before any row is moved.
        var order = isAlike ? new Lazy<RowOrder>(() => RowOrder.ByHeads(heads, size, size, size)) : null;
        yield return new($"{prefix}{Embedding}", model.Embedding);
        for (var index = 0; index < model.Blocks.Count; index++)
        {
            var block = model.Blocks[index];
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}layers.{index}");
            foreach (
                var tensor in Optional($"{name}.input_layernorm", block.AttentionNorm)
                    .Concat(FileTensor.OfLinear($"{name}.attention.query_key_value", [block.Query, block.Key, block.Value], order))
                    .Concat(FileTensor.OfLinear($"{name}.attention.dense", [block.Output]))
                    .Concat(Optional($"{name}.post_attention_layernorm", block.FeedForwardNorm))
                    .Concat(Optional($"{name}.mlp.dense_h_to_4h", block.Dense?.Up))
                    .Concat(Optional($"{name}.mlp.dense_4h_to_h", block.Dense?.Down))
            )
                yield return tensor;
        }

        foreach (var tensor in Optional($"{prefix}final_layer_norm", model.FinalNorm))
            yield return tensor;
    }

    /// <summary>Whether it is a causal mask or a table of rotary frequencies, which old checkpoints hold in every block.</summary>
    public static bool IsTable(string name) =>
        name.EndsWith(".attention.bias", StringComparison.Ordinal)
        || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal)
        || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    // What the model lacks is missing: another declaration is refused elsewhere.
    private static IEnumerable<FileTensor> Optional(string name, LinearWeights? layer) =>
        layer is null ? [] : FileTensor.OfLinear(name, [layer]);
}
