namespace LowRank;

/// <summary>What keeps the experts of a mixture about equally busy.</summary>
public enum Balance
{
    /// <summary>
    /// A loss beside that of the language model, <c>count·Σ fᵢ·Pᵢ</c> for each sequence: f is an expert's share of the choices, P its mean
    /// score (Fedus et al., 2021, arXiv:2101.03961; by sequence as DeepSeek-V2 has it, arXiv:2405.04434). Even loads give 1.
    /// </summary>
    Loss,

    /// <summary>
    /// A bias that takes part in the choice alone and not in the weights: after each optimizer step that of every expert moves by one step
    /// against its load (Wang et al., 2024, arXiv:2408.15664; DeepSeek-V3).
    /// </summary>
    Bias,

    /// <summary>Nothing.</summary>
    None,
}
