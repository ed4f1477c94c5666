namespace LowRank.Generator.Model;

/// <summary>What one <c>[LowRank]</c> says, and where it stands.</summary>
/// <param name="Origin">The attribute, to group what it selects and to place what is said about it.</param>
/// <param name="Rank">Inner size of the factors; null where it is left to the ratio.</param>
/// <param name="PhaseOut">Fraction of the training steps after which the guide is gone.</param>
/// <param name="Layers">The ranges over the depth, as written; null when written as null.</param>
/// <param name="Guide">How the guide takes part.</param>
/// <param name="Schedule">How its share falls.</param>
/// <param name="Ratio">Fraction of a linear's weights that its factors may hold; null where a rank is given.</param>
/// <param name="Projections">The linears it selects, by their role.</param>
internal sealed record LowRankOptions(
    Target Origin,
    int? Rank,
    double PhaseOut,
    string? Layers,
    Guide Guide,
    Schedule Schedule,
    double? Ratio = null,
    Projections Projections = Projections.All
) : ILinearSelector
{
    /// <summary>The ratio of the recipe.</summary>
    public const double RecipeRatio = 0.32;

    /// <summary>Whether the attribute has no arguments and stands for the recipe.</summary>
    public bool IsRecipe { get; init; }

    /// <summary>The non-linearity between the factors; null for none.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Whether the inner vector is added to the output.</summary>
    public bool HasResidual { get; init; }

    /// <summary>How the factors start.</summary>
    public Initialization Initialization { get; init; }

    /// <summary>Optimizer steps between two rebalancings; null for none.</summary>
    public int? RebalanceEvery { get; init; }

    /// <summary>λ of the product decay; null for none.</summary>
    public double? ProductDecay { get; init; }

    /// <summary>The arguments about a guide that are written out, defaults or not.</summary>
    public EquatableArray<string> Written { get; init; } = EquatableArray<string>.Empty;

    /// <summary>The guide where none is given. An activation leaves no product for one to work on.</summary>
    public static Guide UsualGuide(Activation? activation) => activation is null ? Guide.Mixed : Guide.None;

    /// <summary>The start where none is given: the spectral one, too, needs a product.</summary>
    public static Initialization UsualInitialization(Activation? activation) =>
        activation is null ? Initialization.Spectral : Initialization.Gaussian;

    /// <summary>Whether anything is said about the factors beside rank and guide.</summary>
    public bool HasFactorOptions =>
        Activation is not null
        || HasResidual
        || Initialization != Initialization.Spectral
        || RebalanceEvery is not null
        || ProductDecay is not null;

    /// <summary>Whether the gradients of its linears are worked on after the backward passes.</summary>
    public bool ChangesGradients => HasGuide || ProductDecay is not null;

    public bool HasGuide => Guide != Guide.None;
}
