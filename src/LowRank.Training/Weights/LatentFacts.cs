using System.Globalization;

namespace LowRank.Training.Weights;

/// <summary>The sizes of a latent attention.</summary>
/// <param name="KeyValueRank">Size of the latent vector of keys and values.</param>
/// <param name="QueryRank">Size of the latent vector of queries; null where they are projected directly.</param>
/// <param name="RotarySize">Rotated elements of a query and of the key that all heads share; null for none.</param>
/// <param name="ValueSize">Size of a head's values.</param>
/// <param name="HasNorm">Whether the latent vectors are normalized.</param>
internal sealed record LatentFacts(int KeyValueRank, int? QueryRank, int? RotarySize, int ValueSize, bool HasNorm)
{
    /// <summary>In words, for a comparison.</summary>
    public override string ToString()
    {
        var queries = QueryRank is { } rank ? string.Create(CultureInfo.InvariantCulture, $"queries of {rank}, ") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"latents of {KeyValueRank}, {queries}{RotarySize ?? 0} elements rotated, values of {ValueSize}, {(HasNorm ? "normalized" : "not normalized")}"
        );
    }
}
