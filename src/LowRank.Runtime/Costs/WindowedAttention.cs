using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>Attention layers with one sliding window, whose scores stop growing with the context where the window ends.</summary>
/// <param name="Window">Number of tokens that a token sees, itself included.</param>
/// <param name="Width">Heads × size of a head's keys, of each.</param>
/// <param name="Blocks">Number of such layers.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record WindowedAttention(int Window, long Width, int Blocks)
{
    /// <summary>Heads × size of a head's values, of each; as wide as the keys unless given.</summary>
    public long ValueWidth { get; init; } = Width;

    /// <summary>Forward FLOPs per token of the scores of all of them.</summary>
    /// <param name="context">Sequence length, in tokens.</param>
    /// <param name="convention">Whether masked scores count.</param>
    public long ScoreFlopsPerToken(int context, FlopConvention convention)
    {
        var scores = ScoreFlopFormula.PerToken(Width, ValueWidth, context, Window);
        var masked = convention == FlopConvention.Causal ? ScoreFlopFormula.MaskedPerToken(Width, ValueWidth, context, Window) : 0;
        return Blocks * (scores - masked);
    }
}
