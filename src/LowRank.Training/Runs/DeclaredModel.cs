using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Variations;

namespace LowRank.Training.Runs;

/// <summary>The declaration that a live model was built from.</summary>
/// <param name="Entry">The declared model.</param>
/// <param name="Variant">The variant that was built.</param>
internal sealed record DeclaredModel(ModelEntry Entry, Variant Variant)
{
    /// <summary>
    /// The full name of a model's class, as declarations are named; that of a dense one beside it ends in <c>.Dense</c> or
    /// <c>.FlopMatched</c>.
    /// </summary>
    public static string NameOf(LanguageModel model) =>
        model is ComposedTransformer composed ? composed.Origin.FullName : model.GetType().FullName!.Replace('+', '.');

    /// <summary>Finds it.</summary>
    /// <param name="model">The model, in any state.</param>
    /// <exception cref="InputException">The model's class is not declared with <c>[Transformer]</c>.</exception>
    public static DeclaredModel Of(LanguageModel model)
    {
        var name = NameOf(model);
        if (model is ComposedTransformer { Origin: var origin })
        {
            var varied = ModelLookup.OfFullName(origin.Model).First(entry => entry.Assembly == origin.Assembly);
            return new(
                varied,
                varied.Dense?.FullName == name ? Variant.Dense
                    : varied.FlopMatched?.FullName == name ? Variant.FlopMatched
                    : VariantOf(varied, model.Options)
            );
        }

        var assembly = model.GetType().Assembly.GetName().Name;
        // Of two with one full name the assembly says which; an entry made by hand has none.
        foreach (var entry in ModelCatalog.Models.OrderByDescending(entry => entry.Assembly == assembly))
        {
            if (string.Equals(entry.FullName, name, StringComparison.Ordinal))
                return new(entry, VariantOf(entry, model.Options));
            if (string.Equals(entry.Dense?.FullName, name, StringComparison.Ordinal))
                return new(entry, Variant.Dense);
            if (string.Equals(entry.FlopMatched?.FullName, name, StringComparison.Ordinal))
                return new(entry, Variant.FlopMatched);
        }

        throw new InputException($"{name} is in no catalog of declared models, so it can't be built again; declare it with [Transformer].");
    }

    /// <summary>The model as it is declared, without memory for its parameters.</summary>
    public LanguageModel WithoutMemory() =>
        Variants.Create(Entry, Variant, new ModelOptions { Device = new(TorchSharp.DeviceType.META), Initialize = false });

    private static Variant VariantOf(ModelEntry entry, ModelOptions options)
    {
        if (options.Adapters && entry.Cost.Adapters is not null)
            return Variant.Lora;
        if (entry.Cost.Sublayers.All(sublayer => sublayer.Rank == 0))
            return Variant.Dense;
        return options.Guided && entry.Cost.Guides.Count > 0 ? Variant.Guided : Variant.LowRank;
    }
}
