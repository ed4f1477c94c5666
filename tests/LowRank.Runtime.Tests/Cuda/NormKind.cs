namespace LowRank.Runtime.Tests.Cuda;

/// <summary>Which norm.</summary>
public enum NormKind
{
    /// <summary>RMSNorm.</summary>
    Rms,

    /// <summary>LayerNorm without a bias.</summary>
    Centered,

    /// <summary>LayerNorm with one.</summary>
    Biased,
}
