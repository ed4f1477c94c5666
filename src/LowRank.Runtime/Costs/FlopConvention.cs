namespace LowRank.Costs;

/// <summary>What is counted as a floating-point operation. Every printed number names its convention.</summary>
public enum FlopConvention
{
    /// <summary>Wei et al. (2024): full S×S attention scores, multiply-add as 2, head counted, embedding lookup not.</summary>
    Paper,

    /// <summary>The same with half the attention scores, since a causal mask hides half of them (Megatron).</summary>
    Causal,
}
