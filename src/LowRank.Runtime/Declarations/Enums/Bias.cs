namespace LowRank;

/// <summary>Which linear layers add a bias.</summary>
public enum Bias
{
    /// <summary>None, as in LLaMA. A LayerNorm then has a gain only.</summary>
    None,

    /// <summary>Every linear layer but the head, as in GPT-2. A LayerNorm then has a bias too.</summary>
    All,

    /// <summary>The query, key and value projections alone, as in Qwen2.</summary>
    QueryKeyValue,
}
