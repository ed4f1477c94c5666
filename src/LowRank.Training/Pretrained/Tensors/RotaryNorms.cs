using LowRank.Training.Weights;

namespace LowRank.Training.Pretrained.Tensors;

/// <summary>What the norms of a block are called in the files of LLaMA and of what descends from it.</summary>
/// <param name="BeforeAttention">The norm before the attention, or null.</param>
/// <param name="AfterAttention">The norm after the attention, or null.</param>
/// <param name="BeforeFeedForward">The norm before the feed-forward, or null.</param>
/// <param name="AfterFeedForward">The norm after the feed-forward, or null.</param>
/// <param name="Shift">How much larger the gains are than what the files hold.</param>
internal sealed record RotaryNorms(
    string? BeforeAttention,
    string? AfterAttention,
    string? BeforeFeedForward,
    string? AfterFeedForward,
    double Shift
)
{
    // One name in three places: before the feed-forward in LLaMA, after the attention in the others.
    private const string Input = "input_layernorm";
    private const string PostAttention = "post_attention_layernorm";
    private const string PreFeedForward = "pre_feedforward_layernorm";
    private const string PostFeedForward = "post_feedforward_layernorm";

    /// <summary>Those of an architecture.</summary>
    public static RotaryNorms Of(Architecture architecture) =>
        architecture switch
        {
            Architecture.Olmo2 => new(null, PostAttention, null, PostFeedForward, 0),
            Architecture.Gemma2 or Architecture.Gemma3Text => new(Input, PostAttention, PreFeedForward, PostFeedForward, 1),
            _ => new(Input, null, PostAttention, null, 0),
        };

    /// <summary>The gain of a norm.</summary>
    public FileTensor Tensor(string name, ModelWeight gain) => new($"{name}.weight", [gain], Shift: Shift);

    /// <summary>
    /// The gains before and after a block's attention. What the model lacks is missing: another declaration is refused elsewhere.
    /// </summary>
    public IEnumerable<FileTensor> OfAttention(BlockWeights block, string prefix) =>
        Some(prefix, (BeforeAttention, block.AttentionNorm), (AfterAttention, block.AttentionPostNorm));

    /// <summary>The gains before and after its feed-forward.</summary>
    public IEnumerable<FileTensor> OfFeedForward(BlockWeights block, string prefix) =>
        Some(prefix, (BeforeFeedForward, block.FeedForwardNorm), (AfterFeedForward, block.FeedForwardPostNorm));

    private IEnumerable<FileTensor> Some(string prefix, params (string? Name, LinearWeights? Norm)[] norms)
    {
        foreach (var (name, norm) in norms)
        {
            if (name is not null && norm is not null)
                yield return Tensor($"{prefix}.{name}", norm.Weight);
        }
    }
}
