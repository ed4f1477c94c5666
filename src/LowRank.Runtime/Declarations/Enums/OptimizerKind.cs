namespace LowRank;

/// <summary>The optimizers that a run can be trained with.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW on every parameter (Loshchilov and Hutter, 2019, arXiv:1711.05101).</summary>
    AdamW,

    /// <summary>Muon on the matrices of the hidden layers, factors and guides included (Jordan et al., 2024); AdamW on the rest.</summary>
    Muon,

    /// <summary>Spectron on the factors of factored layers, Muon on the other matrices of the hidden layers, AdamW on the rest.</summary>
    Spectron,

    /// <summary>GaLore's projected AdamW on the full-size matrices of the hidden layers (Zhao et al., 2024); AdamW on the rest.</summary>
    GaLore,
}
