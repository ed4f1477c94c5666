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

    /// <summary>What products of queries and keys are multiplied by, in each block; null for 1/√headSize.</summary>
    public IReadOnlyList<double?> ScoreScales { get; init; } = [];

    /// <summary>The soft cap of the scores in each block; null for none.</summary>
    public IReadOnlyList<double?> ScoreSoftCaps { get; init; } = [];

    /// <summary>What the tokens' vectors are multiplied by.</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>What the logits are multiplied by.</summary>
    public double LogitScale { get; init; } = 1;

    /// <summary>The soft cap of the logits; null for none.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>Hidden size of the dense feed-forward layers; 0 where every block has a mixture of experts.</summary>
    public required int Hidden { get; init; }

    /// <summary>The mixture of experts of each block, null where its feed-forward is dense; empty where all are.</summary>
    public IReadOnlyList<MixtureFacts?> Mixtures { get; init; } = [];

    /// <summary>The mixture of all blocks that have one; null where none has.</summary>
    public MixtureFacts? Mixture => Mixtures.FirstOrDefault(mixture => mixture is not null);

    public required Activation Activation { get; init; }

    public required bool Gated { get; init; }

    public required Norm Norm { get; init; }

    /// <summary>Where the norms of the sublayers stand.</summary>
    public NormPlacement NormPlacement { get; init; } = NormPlacement.Before;

    /// <summary>Whether LayerNorms have a bias.</summary>
    public bool NormBias { get; init; }

    public required double NormEpsilon { get; init; }

    /// <summary>Whether there is a learned vector for every position.</summary>
    public required bool LearnedPositions { get; init; }

    /// <summary>The rotation of each block; null where nothing is rotated.</summary>
    public required IReadOnlyList<RotationFacts?> Rotations { get; init; }

    /// <summary>The rotation of all blocks; null where they differ, or where nothing is rotated.</summary>
    public RotationFacts? OnlyRotation => Rotations.Distinct().Count() == 1 ? Rotations[0] : null;

    /// <summary>The rotation of all blocks that rotate; null where they differ, or where none does.</summary>
    public RotationFacts? OnlyRotationWhereRotated => Rotations.OfType<RotationFacts>().Distinct().ToList() is [var only] ? only : null;

    public required Residual Residual { get; init; }

    /// <summary>The projections that add a bias, of those that there are.</summary>
    public required Projections Biases { get; init; }

    /// <summary>Whether queries, keys and values add a bias: all three of them or none.</summary>
    public bool QueryKeyValueBias => (Biases & Projections.Query) != 0;

    /// <summary>Whether the attention's output projection adds a bias.</summary>
    public bool OutputBias => (Biases & Projections.Output) != 0;

    /// <summary>Whether all linear layers of the feed-forward add a bias.</summary>
    public bool FeedForwardBias => (Biases & OfFeedForward) == OfFeedForward;

    /// <summary>Whether some linear layers of the feed-forward add a bias and others don't.</summary>
    public bool PartialFeedForwardBias => !FeedForwardBias && (Biases & OfFeedForward) != 0;

    private Projections OfFeedForward => Projections.Up | Projections.Down | (Gated ? Projections.Gate : Projections.None);

    /// <summary>The biases of an architecture that has them or not in each of three places.</summary>
    public static Projections BiasesOf(bool queryKeyValue, bool output, bool feedForward, bool gated) =>
        (queryKeyValue ? Projections.Query | Projections.Key | Projections.Value : Projections.None)
        | (output ? Projections.Output : Projections.None)
        | (feedForward ? Projections.Up | Projections.Down | (gated ? Projections.Gate : Projections.None) : Projections.None);

    /// <summary>Whether the head is the token embedding.</summary>
    public required bool TiedHead { get; init; }

    /// <summary>The windows that hide something within a context: one as long as it hides nothing.</summary>
    public IReadOnlyList<int?> WindowsWithin(int context) => [.. Windows.Select(window => window < context ? window : null)];
}
