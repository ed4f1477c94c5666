namespace LowRank;

/// <summary>How a token learns where it stands in the sequence.</summary>
public enum Positions
{
    /// <summary>Rotary embeddings of queries and keys (Su et al., 2021, arXiv:2104.09864), in halves as LLaMA lays them out.</summary>
    Rotary,

    /// <summary>A learned vector per position, added to the token embedding, as in GPT-2.</summary>
    Learned,

    /// <summary>No positions: the causal mask alone orders the sequence.</summary>
    None,
}
