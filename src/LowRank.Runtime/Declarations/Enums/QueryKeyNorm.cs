namespace LowRank;

/// <summary>How the queries and keys of an attention are normalized before they are rotated: by RMSNorm, each with a gain.</summary>
public enum QueryKeyNorm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>
    /// Every head by itself, with a gain of the head's size that all query heads share, and one for the keys, as in Qwen3.
    /// </summary>
    Head,

    /// <summary>All heads of a token together, with a gain of heads × head size, as in OLMo 2 (arXiv:2501.00656).</summary>
    Projection,
}
