using System.Text.Json;
using LowRank.Training.Runs;

namespace LowRank.Training.Experiments;

/// <summary>One contender of an experiment as its file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Variant">How it is trained; null as declared.</param>
/// <param name="LearningRates">The rates; more than one is a sweep, none leaves the default.</param>
/// <param name="EqualFlops">Whether it trains until it has cost what the baseline costs.</param>
/// <param name="Seeds">The seeds of the runs that are compared, the experiment's or fewer.</param>
/// <param name="Settings">The other keys, those in common included.</param>
internal sealed record Contender(
    string Name,
    string Model,
    Variant? Variant,
    IReadOnlyList<double> LearningRates,
    bool EqualFlops,
    IReadOnlyList<long> Seeds,
    IReadOnlyDictionary<string, JsonElement> Settings
)
{
    private const string LearningRate = "learningRate";

    /// <summary>
    /// Whether another differs at most in name, seeds, learning rates and FLOPs rule: what one trains, the other trains for longer or
    /// shorter.
    /// </summary>
    public bool TrainsLike(Contender other)
    {
        if (ExperimentMatrix.Subject(this) != ExperimentMatrix.Subject(other))
            return false;
        var keys = Settings.Keys.Union(other.Settings.Keys).Where(key => key != LearningRate);
        return keys.All(key =>
            Settings.TryGetValue(key, out var mine) && other.Settings.TryGetValue(key, out var its) && JsonElement.DeepEquals(mine, its)
        );
    }
}
