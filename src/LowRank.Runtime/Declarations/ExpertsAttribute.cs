namespace LowRank;

/// <summary>
/// Makes a <see cref="FeedForwardAttribute"/> a mixture of experts: each token passes through the <c>active</c> feed-forward layers that a
/// router chooses for it, and their outputs are added with the router's weights (Shazeer et al., 2017, arXiv:1701.06538). The hidden size
/// is that of one expert. No token is dropped, and no expert has a capacity. Of equal scores the expert of the lower index wins.
/// </summary>
/// <param name="count">Number of experts among which the router chooses, at least 2.</param>
/// <param name="active">Number of experts that a token passes through, from 1 to all of them.</param>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class ExpertsAttribute(int count, int active) : Attribute
{
    /// <summary>Number of experts among which the router chooses.</summary>
    public int Count { get; } = count;

    /// <summary>Number of experts that a token passes through.</summary>
    public int Active { get; } = active;

    /// <summary>
    /// Number of experts beside them that every token passes through, with weight 1. They are one feed-forward layer of <c>Shared</c> times
    /// the hidden size, as in DeepSeek's checkpoints, which is the same map. Default: none.
    /// </summary>
    public int Shared { get; set; }

    /// <summary>How the router's logits become scores. Default: softmax.</summary>
    public RouterScore Router { get; set; }

    /// <summary>
    /// Whether the scores of the chosen experts are divided by their sum, so that a token's weights add up to 1 (Mixtral, Qwen3;
    /// DeepSeek-V2-Lite: not). Default: true where several experts are active. A single expert's weight would always be 1, and nothing
    /// would train the router, so with one active expert the default is false and true an error.
    /// </summary>
    public bool NormalizeWeights { get; set; }

    /// <summary>What the weights are multiplied by, DeepSeek's <c>routed_scaling_factor</c>. Default: 1.</summary>
    public double WeightScale { get; set; } = 1;

    /// <summary>What keeps the experts about equally busy. Default: a loss. With all experts active there is nothing to balance.</summary>
    public Balance Balance { get; set; }

    /// <summary>
    /// The weight of <see cref="Balance.Loss"/> beside the language model's loss, in each block. Default: 0.01, as in the Switch
    /// transformer. Mixtral's configuration has 0.02 of a sum that is <c>active</c> times ours, DeepSeek-V2-Lite's 0.001 of the same.
    /// </summary>
    public double BalanceWeight { get; set; } = 0.01;

    /// <summary>By how much <see cref="Balance.Bias"/> moves after a step. Default: 0.001, as in DeepSeek-V3.</summary>
    public double BiasStep { get; set; } = 0.001;
}
