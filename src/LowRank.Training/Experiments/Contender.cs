using System.Text.Json.Nodes;

namespace LowRank.Training.Experiments;

/// <summary>One contender of an experiment as its file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Variant">How it is trained; null as declared.</param>
/// <param name="LearningRates">The rates; more than one is a sweep, none leaves the default.</param>
/// <param name="EqualFlops">Whether it trains until it has cost what the baseline costs.</param>
/// <param name="Settings">The other keys, those in common included.</param>
internal sealed record Contender(
    string Name, string Model, Variant? Variant, IReadOnlyList<double> LearningRates, bool EqualFlops, IReadOnlyDictionary<string, JsonNode?> Settings);
