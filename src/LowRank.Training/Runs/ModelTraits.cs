using LowRank.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Runs;

/// <summary>What the commands ask of a declared model.</summary>
internal static class ModelTraits
{
    /// <summary>Whether any layer is factored.</summary>
    public static bool IsFactored(this ModelEntry entry) => entry.Cost.Sublayers.Any(part => part.Rank > 0);

    /// <summary>Whether any factored layer has a guide at first.</summary>
    public static bool HasGuide(this ModelEntry entry) => entry.Cost.Guides.Count > 0;

    /// <summary>The variant that is trained beside a trained model when none is asked for: the model as it is declared.</summary>
    public static Variant DeclaredVariant(this ModelEntry entry) =>
        entry.Cost.Adapters is not null ? Variant.Lora : entry.VariantWithoutAdapters();

    /// <summary>The model as it is declared, but for adapters, which are trained beside a trained model alone.</summary>
    public static Variant VariantWithoutAdapters(this ModelEntry entry) =>
        entry.HasGuide() ? Variant.Guided
        : entry.IsFactored() ? Variant.LowRank
        : Variant.Dense;

    /// <summary>The variants that the model can be trained as.</summary>
    public static IReadOnlyList<Variant> Variants(this ModelEntry entry) =>
        [
            .. Enum.GetValues<Variant>()
                .Where(variant =>
                    variant switch
                    {
                        Variant.Dense => entry.Dense is not null || !entry.IsFactored(),
                        Variant.FlopMatched => entry.FlopMatched is not null,
                        Variant.LowRank => entry.IsFactored(),
                        Variant.Lora => entry.Cost.Adapters is not null,
                        _ => entry.HasGuide(),
                    }
                ),
        ];

    /// <summary>Number of token ids of the model, read from a model without memory for its parameters.</summary>
    public static int Vocabulary(this ModelEntry entry)
    {
        using var model = entry.Create(
            new ModelOptions
            {
                Device = new Device(DeviceType.META),
                Guided = false,
                Initialize = false,
            }
        );
        return model.Vocabulary;
    }
}
