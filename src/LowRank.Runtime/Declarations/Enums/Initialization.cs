namespace LowRank;

/// <summary>How a pair of factors starts.</summary>
public enum Initialization
{
    /// <summary>
    /// The best rank-r approximation of a full-size draw from N(0, 0.02²), its singular values split evenly between the factors
    /// (Khodak et al., 2021, arXiv:2105.01029; Wei et al., 2024, arXiv:2406.16450).
    /// </summary>
    Spectral,

    /// <summary>
    /// U with orthonormal columns and V with orthonormal rows, scaled so that the elements of UV have the standard deviation of a
    /// full-size draw, 0.02. All singular values of UV are equal.
    /// </summary>
    Orthogonal,

    /// <summary>
    /// Both factors from a normal distribution, so that the elements of UV have the standard deviation 1/√(inputs + outputs)
    /// (the start of CoLA, Liu et al., 2025, arXiv:2502.10940).
    /// </summary>
    Gaussian,

    /// <summary>
    /// The factors come from elsewhere, such as an imported checkpoint, and are never drawn: building the model with weights of its own
    /// is an error.
    /// </summary>
    Pretrained,
}
