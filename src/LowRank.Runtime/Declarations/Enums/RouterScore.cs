namespace LowRank;

/// <summary>How a router's logits become the scores of its experts.</summary>
public enum RouterScore
{
    /// <summary>Softmax over all experts, as in Mixtral, Qwen3 and DeepSeek-V2.</summary>
    Softmax,

    /// <summary>The sigmoid of each expert's own logit, as in DeepSeek-V3.</summary>
    Sigmoid,
}
