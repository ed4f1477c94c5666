namespace LowRank.MemoryProbe;

/// <summary>The paper's form: LayerNorm, biases, tied embeddings, GELU, guides on all blocks but the first.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
[DenseBaseline]
public partial class PaperForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_024, Activation.GeluTanh)]
    [LowRank(rank: 128, Layers = "1..")]
    public partial Sublayer FeedForward { get; }
}

/// <summary>LLaMA's form: RMSNorm, grouped queries, gated SiLU, untied head; low rank everywhere.</summary>
[Transformer(vocabulary: 2_048, context: 256, width: 256, depth: 5)]
[LowRank(rank: 32)]
[DenseBaseline]
public partial class LlamaForm
{
    [Attention(heads: 8, KeyValueHeads = 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Learned positions, normalized queries and keys, squared ReLU, sublayers beside one another.</summary>
[Transformer(vocabulary: 512, context: 256, width: 192, depth: 6, Positions = Positions.Learned, Residual = Residual.Parallel)]
[DenseBaseline]
public partial class ParallelForm
{
    [Attention(heads: 6, QueryKeyNorm = QueryKeyNorm.Head)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Activation.ReluSquared)]
    [LowRank(rank: 64)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>GPT-2's vocabulary on a small model: the logits are what is largest.</summary>
[Transformer(vocabulary: 50_257, context: 256, width: 128, depth: 2, TieEmbeddings = true)]
public partial class LargeVocabulary
{
    [Attention(heads: 2)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 128, Activation.Relu)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Activation checkpointing: of a block only its input is kept.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 8, ActivationCheckpointing = true)]
[LowRank(rank: 64, Layers = "2..")]
public partial class CheckpointedForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>An activation between the factors of every linear.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6)]
[LowRank(rank: 112, Activation = Activation.Silu)]
public partial class ActivatedForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>A residual around the factors of every linear.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6)]
[LowRank(rank: 96, Residual = true)]
public partial class ResidualFactorForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Adapters beside every linear but those of the first two blocks.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6)]
[LoRA(rank: 16, alpha: 32, Layers = "2..")]
public partial class AdaptedForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 768, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Norms before and after every sublayer, over every head's queries and keys.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6, NormPlacement = NormPlacement.Both)]
public partial class NormsAroundForm
{
    [Attention(heads: 4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Head)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Norms after every sublayer alone, over all queries and all keys of a token.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6, NormPlacement = NormPlacement.After)]
public partial class NormsAfterForm
{
    [Attention(heads: 4, QueryKeyNorm = QueryKeyNorm.Projection)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Latent attention with values of another size than keys; low rank where it still saves.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6)]
[LowRank(rank: 32, Layers = "1..", Projections = Projections.Query | Projections.Output | Projections.Up)]
public partial class LatentAttentionForm
{
    [Attention(heads: 8, HeadSize = 32, KeyValueRank = 64, QueryRank = 96, RotarySize = 16, ValueSize = 24)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512, Gated = true)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Capped scores and logits, a scaled embedding.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6, ScaleEmbeddings = true, LogitSoftCap = 30)]
public partial class CapsForm
{
    [Attention(heads: 4, ScoreScale = 0.25, ScoreSoftCap = 50)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 512)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Mixtures of experts with a shared one.</summary>
[Transformer(vocabulary: 1_024, context: 256, width: 256, depth: 6)]
public partial class MixtureForm
{
    [Attention(heads: 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 256, Gated = true)]
    [Experts(count: 8, active: 2, Shared = 1)]
    public partial Sublayer FeedForward { get; }
}

/// <summary>Large enough for its weights to be seen beside all else that a process takes.</summary>
[Transformer(vocabulary: 8_192, context: 256, width: 512, depth: 6)]
public partial class LoadedForm
{
    [Attention(heads: 8, KeyValueHeads = 4)]
    public partial Sublayer Attention { get; }

    [FeedForward(hidden: 1_408, Gated = true)]
    public partial Sublayer FeedForward { get; }
}
