namespace LowRank;

/// <summary>The normalization before every sublayer and before the head.</summary>
public enum Norm
{
    /// <summary>Root mean square normalization with a gain (Zhang and Sennrich, 2019, arXiv:1910.07467).</summary>
    RmsNorm,

    /// <summary>Layer normalization with a gain, and with a bias where the model has biases.</summary>
    LayerNorm,
}
