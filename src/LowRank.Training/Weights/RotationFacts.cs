namespace LowRank.Training.Weights;

/// <summary>How the queries and keys of a block are rotated by their positions.</summary>
/// <param name="Base">Base of the frequencies.</param>
/// <param name="Fraction">Fraction of a head that is rotated.</param>
internal sealed record RotationFacts(double Base, double Fraction);
