namespace LowRank.Training.Weights;

/// <summary>What a transformer of equal blocks computes, as a declaration or a <c>config.json</c> says it.</summary>
internal sealed record TransformerFacts
{
    public required int Vocabulary { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    public required int Context { get; init; }

    public required int Width { get; init; }

    public required int Depth { get; init; }

    public required int Heads { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>How queries and keys are normalized.</summary>
    public required QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>What latent attention has besides; null for any other.</summary>
    public LatentFacts? Latent { get; init; }

    /// <summary>The window of each block, in tokens; null where a token sees all before it.</summary>
    public required IReadOnlyList<int?> Windows { get; init; }

    public required int Hidden { get; init; }

    public required Activation Activation { get; init; }

    public required bool Gated { get; init; }

    public required Norm Norm { get; init; }

    /// <summary>Where the norms of the sublayers stand.</summary>
    public NormPlacement NormPlacement { get; init; } = NormPlacement.Before;

    public required double NormEpsilon { get; init; }

    /// <summary>Whether there is a learned vector for every position.</summary>
    public required bool LearnedPositions { get; init; }

    /// <summary>The rotation of each block; null where nothing is rotated.</summary>
    public required IReadOnlyList<RotationFacts?> Rotations { get; init; }

    /// <summary>The rotation of all blocks; null where they differ, or where nothing is rotated.</summary>
    public RotationFacts? OnlyRotation => Rotations.Distinct().Count() == 1 ? Rotations[0] : null;

    public required Residual Residual { get; init; }

    /// <summary>Whether queries, keys and values add a bias.</summary>
    public required bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the attention's output projection adds a bias.</summary>
    public required bool OutputBias { get; init; }

    public required bool FeedForwardBias { get; init; }

    /// <summary>Whether the head is the token embedding.</summary>
    public required bool TiedHead { get; init; }

    /// <summary>The windows that hide something within a context: one as long as it hides nothing.</summary>
    public IReadOnlyList<int?> WindowsWithin(int context) => [.. Windows.Select(window => window < context ? window : null)];
}
