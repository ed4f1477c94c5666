using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Copies of weights in the type in which products are computed, kept up to date by whoever changes the weights: an optimizer's pass, or
/// the blend of an effective weight. A weight without one is cast by the tape, once per optimizer step.
/// </summary>
internal static class WeightCopies
{
    // By reference: a weight is known by the object that its layer holds.
    private static readonly ConditionalWeakTable<Tensor, Tensor> Copies = new();

    /// <summary>Names the copy of a weight.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="copy">Of the same shape and values, rounded. It stays the caller's, who has to keep it up to date.</param>
    public static void Set(Tensor weight, Tensor copy) => Copies.AddOrUpdate(weight, copy);

    /// <summary>Forgets the copy of a weight.</summary>
    public static void Remove(Tensor weight) => Copies.Remove(weight);

    /// <summary>The copy of a weight; null where there is none of this type.</summary>
    public static Tensor? Of(Tensor weight, ScalarType type) =>
        Copies.TryGetValue(weight, out var copy) && copy.dtype == type ? copy : null;
}
