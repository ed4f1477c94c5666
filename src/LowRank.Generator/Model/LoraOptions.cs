namespace LowRank.Generator.Model;

/// <summary>What one <c>[LoRA]</c> says, and where it stands.</summary>
/// <param name="Origin">The attribute.</param>
/// <param name="Rank">Inner size of the adapters.</param>
/// <param name="Alpha">α.</param>
/// <param name="Dropout">Fraction of the inputs that is dropped in training.</param>
/// <param name="Layers">The ranges over the depth, as written; null when written as null.</param>
/// <param name="Projections">The linears it selects, by their role.</param>
internal sealed record LoraOptions(Target Origin, int Rank, double Alpha, double Dropout, string? Layers, Projections Projections)
    : ILinearSelector;
