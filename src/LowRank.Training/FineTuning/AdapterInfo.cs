namespace LowRank.Training.FineTuning;

/// <summary>What <c>adapter.json</c> says: what the adapters stand beside, and of which sizes they are.</summary>
internal sealed record AdapterInfo
{
    /// <summary>Version of the layout.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The full name of the declared model.</summary>
    public required string Model { get; init; }

    /// <summary>The adapted layers.</summary>
    public required IReadOnlyList<AdaptedLayer> Adapted { get; init; }
}
