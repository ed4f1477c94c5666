namespace LowRank;

/// <summary>The normalisation before every sublayer and before the head.</summary>
public enum Norm
{
    /// <summary>Root mean square normalisation with a gain (Zhang and Sennrich, 2019).</summary>
    RmsNorm,

    /// <summary>Layer normalisation with a gain, and with a bias where the model has biases.</summary>
    LayerNorm,
}
