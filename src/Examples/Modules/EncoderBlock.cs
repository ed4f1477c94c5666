using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>A block in which every token sees every other: bidirectional attention and a feed-forward layer of low rank, 64 wide.</summary>
[Module]
public partial class EncoderBlock
{
    private const int Width = 64;
    private const int Heads = 4;

    /// <summary>Before the attention.</summary>
    [Normalization(Width)]
    public partial RmsNorm AttentionNorm { get; }

    /// <summary>Queries, keys and values side by side.</summary>
    [Linear(Width, 3 * Width)]
    public partial LinearLayer QueryKeyValue { get; }

    /// <summary>What the heads found, back into the stream.</summary>
    [Linear(Width, Width)]
    public partial LinearLayer Output { get; }

    /// <summary>Before the feed-forward layer.</summary>
    [Normalization(Width)]
    public partial RmsNorm FeedForwardNorm { get; }

    /// <summary>Into the hidden size.</summary>
    [Linear(Width, 4 * Width, Bias = true), LowRank(rank: 16)]
    public partial LinearLayer Up { get; }

    /// <summary>Out of the hidden size.</summary>
    [Linear(4 * Width, Width, Bias = true), LowRank(rank: 16)]
    public partial LinearLayer Down { get; }

    /// <summary><c>[batch, tokens, 64]</c> to the same shape.</summary>
    /// <param name="x">The residual stream.</param>
    public Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens) = (x.shape[0], x.shape[1]);
        var projected = QueryKeyValue.forward(AttentionNorm.forward(x)).view(batch, tokens, 3, Heads, Width / Heads);
        var heads = projected.permute(2, 0, 3, 1, 4);
        var attended = nn.functional.scaled_dot_product_attention(heads[0], heads[1], heads[2]);
        var afterAttention = ResidualPath.Sum(x, Output.forward(attended.transpose(1, 2).reshape(batch, tokens, Width)));
        var hidden = nn.functional.gelu(Up.forward(FeedForwardNorm.forward(afterAttention)));
        return ResidualPath.Sum(afterAttention, Down.forward(hidden)).MoveToOuterDisposeScope();
    }
}
