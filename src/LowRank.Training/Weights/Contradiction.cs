namespace LowRank.Training.Weights;

/// <summary>A property that a declaration and a checkpoint's <c>config.json</c> say differently.</summary>
/// <param name="Property">What it is.</param>
/// <param name="Declared">What the declaration says.</param>
/// <param name="Found">What <c>config.json</c> says.</param>
internal sealed record Contradiction(string Property, string Declared, string Found);
