namespace LowRank;

/// <summary>The non-linearity of a feed-forward sublayer, or between the factors of a low-rank layer.</summary>
public enum Activation
{
    /// <summary>x·σ(x), also called Swish.</summary>
    Silu,

    /// <summary>x·Φ(x) with the exact normal distribution function.</summary>
    Gelu,

    /// <summary>GELU in its tanh approximation, as in GPT-2.</summary>
    GeluTanh,

    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>max(0, x)².</summary>
    ReluSquared,
}
