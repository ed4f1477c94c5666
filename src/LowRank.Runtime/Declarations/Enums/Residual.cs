namespace LowRank;

/// <summary>How the sublayers of a block are joined.</summary>
public enum Residual
{
    /// <summary>One after the other: each sublayer reads what the one before it wrote.</summary>
    Sequential,

    /// <summary>Side by side: every sublayer of a block reads the block's input, as in GPT-J and Pythia.</summary>
    Parallel,
}
