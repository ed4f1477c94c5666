using LowRank.Costs;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Wording;

namespace LowRank.Training.Runs;

/// <summary>What each variant of a declared model is.</summary>
internal static class Variants
{
    /// <summary>Builds a variant.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variant">The variant.</param>
    /// <param name="options">Device, types and seed.</param>
    /// <exception cref="InputException">The dense baseline is not declared.</exception>
    public static LanguageModel Create(ModelEntry entry, Variant variant, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Entry(entry, variant).Create(options with { Guided = variant == Variant.Guided, Adapters = variant == Variant.Lora });
    }

    /// <summary>What a variant costs.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variant">The variant.</param>
    /// <exception cref="InputException">The dense baseline is not declared.</exception>
    public static ModelCost Cost(ModelEntry entry, Variant variant) => Entry(entry, variant).Cost;

    /// <summary>The model that a variant trains: the declared one, its dense baseline, or the dense model of its FLOPs.</summary>
    /// <param name="entry">The declared model.</param>
    /// <param name="variant">The variant.</param>
    /// <exception cref="InputException">The dense baseline is not declared, or no dense model has the model's FLOPs.</exception>
    internal static ModelEntry Entry(ModelEntry entry, Variant variant)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (variant == Variant.Lora && entry.Cost.Adapters is null)
            throw InputException.Naming(
                $"{entry.Name} declares no adapters; add [LoRA] to a sublayer, or fine-tune it with {new OptionName(nameof(FineTuningOptions.Method))} {FineTuningMethod.Lora.Key()}."
            );
        if (variant == Variant.FlopMatched)
            return entry.FlopMatched ?? throw new InputException(MissingMatch.Of(entry));
        if (variant != Variant.Dense)
            return entry;
        // A model without any factored layer is its own dense baseline.
        if (entry.Cost.Sublayers.All(sublayer => sublayer.Rank == 0))
            return entry;
        return entry.Dense ?? throw new InputException($"{entry.Name} declares no dense baseline; add [DenseBaseline] to the class.");
    }
}
