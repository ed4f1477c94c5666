namespace LowRank.Decoding;

/// <summary>In which form factored layers are read while tokens are generated.</summary>
public enum DecodingWeights
{
    /// <summary>Layer by layer, whichever <see cref="DecodingRule"/> expects to be faster.</summary>
    Auto,

    /// <summary>As two factors.</summary>
    Factored,

    /// <summary>As their product, formed for as long as the decoder lives. The model's parameters stay as they are.</summary>
    Merged,
}
