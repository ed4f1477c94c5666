namespace LowRank.EndToEnd.Tests.Models;

/// <summary>Adapters beside norms around sublayers, norms over whole projections, caps and scales.</summary>
[Transformer(
    vocabulary: 300,
    context: 32,
    width: 32,
    depth: 2,
    NormPlacement = NormPlacement.Both,
    ScaleEmbeddings = true,
    LogitSoftCap = 20,
    TieEmbeddings = true
)]
[LoRA(rank: 3, alpha: 6, Dropout = 0.1)]
public partial class AdaptedForms
{
    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Projection, ScoreSoftCap = 10, Bias = Projections.Output)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 64, Activation.GeluTanh, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Adapters in latent attention and in experts, over scaled rotary frequencies.</summary>
[Transformer(vocabulary: 300, context: 32, width: 32, depth: 2)]
[RotaryScaling(RotaryScalingType.Yarn, factor: 4, OriginalContext = 8)]
[LoRA(rank: 2, alpha: 4)]
public partial class AdaptedDeepSeek
{
    [Attention(heads: 4, HeadSize = 8, KeyValueRank = 12, QueryRank = 16, RotarySize = 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 24, Gated = true)]
    [Experts(count: 4, active: 2, Shared = 1, Router = RouterScore.Sigmoid, Balance = Balance.Bias)]
    public partial Sublayer Mixture { get; }
}
