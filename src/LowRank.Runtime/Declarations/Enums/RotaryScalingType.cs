namespace LowRank;

/// <summary>How the rotary frequencies of a model are stretched so that it reads longer texts than it was trained on.</summary>
public enum RotaryScalingType
{
    /// <summary>All frequencies divided by the factor: position interpolation (Chen et al., 2023, arXiv:2306.15595).</summary>
    Linear,

    /// <summary>
    /// Frequencies whose wavelength is long beside the original context divided by the factor, short ones kept, those between blended, as
    /// in LLaMA 3.1 (Grattafiori et al., 2024, arXiv:2407.21783).
    /// </summary>
    Llama3,

    /// <summary>
    /// Frequencies that turn seldom within the original context divided by the factor, those that turn often kept, those between blended by
    /// their place, and queries and keys made longer by the attention factor: YaRN (Peng et al., 2023, arXiv:2309.00071).
    /// </summary>
    Yarn,

    /// <summary>
    /// Every frequency divided by a number of its own: one list for texts within the original context, another one for all tokens of a
    /// longer text, and queries and keys made longer by the attention factor: LongRoPE (Ding et al., 2024, arXiv:2402.13753), as in Phi-3
    /// of 128k tokens.
    /// </summary>
    LongRope,
}
