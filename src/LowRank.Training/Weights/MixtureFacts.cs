using System.Globalization;

namespace LowRank.Training.Weights;

/// <summary>What a mixture of experts computes.</summary>
/// <param name="Experts">Experts among which the router chooses.</param>
/// <param name="Active">Those that a token passes through.</param>
/// <param name="Hidden">Hidden size of one expert.</param>
/// <param name="SharedHidden">Hidden size of the layer that every token passes through; 0 for none.</param>
/// <param name="Router">How logits become scores.</param>
/// <param name="Normalizes">Whether the chosen scores are divided by their sum.</param>
/// <param name="WeightScale">What the weights are multiplied by.</param>
/// <param name="HasBias">Whether a bias takes part in the choice. A new one is zero and changes nothing.</param>
internal sealed record MixtureFacts(
    int Experts,
    int Active,
    int Hidden,
    int SharedHidden,
    RouterScore Router,
    bool Normalizes,
    double WeightScale,
    bool HasBias = false
)
{
    /// <summary>In words, for a comparison; the bias aside.</summary>
    public override string ToString()
    {
        var shared = SharedHidden > 0 ? string.Create(CultureInfo.InvariantCulture, $" and a shared layer of {SharedHidden}") : "";
        var scale = WeightScale == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and multiplied by {WeightScale}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Active} of {Experts} experts of {Hidden}{shared}, {Router} scores {(Normalizes ? "" : "not ")}divided by their sum{scale}"
        );
    }
}
