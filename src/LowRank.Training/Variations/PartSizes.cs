using LowRank.Generator.Model;

namespace LowRank.Training.Variations;

/// <summary>What a variation can't reach: the numbers of a <c>[Part]</c> are written in its own class, which is compiled.</summary>
internal static class PartSizes
{
    /// <summary>The declaration, where its parts fit another width: those without any weights do.</summary>
    /// <exception cref="InputException">A part has weights of another size.</exception>
    public static TransformerDeclaration Fit(TransformerDeclaration declaration, int width)
    {
        if (
            width != declaration.Transformer.Width
            && declaration.Sublayers.FirstOrDefault(sublayer => HasWeights(sublayer.Part)) is { Part: { } part } sublayer
        )
        {
            throw new InputException(
                $"The width of {declaration.Type.Name} can't be varied: its sublayer {sublayer.Property.Name} is a [Part], and the sizes of {part.Name} are written in its class, for {declaration.Transformer.Width}. Declare a model of another width with a class that fits it."
            );
        }

        return declaration;
    }

    /// <summary>Refuses to vary the low rank of a part, which is its class's own.</summary>
    /// <exception cref="InputException">The sublayer is one.</exception>
    public static void RefuseLowRank(TransformerDeclaration declaration, SublayerDeclaration sublayer, VariedPlace place)
    {
        if (sublayer.Part is { } part)
        {
            throw new InputException(
                $"{place} can't be varied: {declaration.Type.Name}.{sublayer.Property.Name} is a [Part], and [LowRank] of {part.Name} is written in its class."
            );
        }
    }

    /// <summary>What a variation of every <c>[LowRank]</c> leaves as it is; nothing where it leaves none.</summary>
    /// <param name="declaration">The model.</param>
    /// <param name="varied">What is varied.</param>
    public static IEnumerable<string> Notes(TransformerDeclaration declaration, IEnumerable<VariedPlace> varied)
    {
        var quantities = varied.Where(place => place.Sublayer is null && place.Quantity.IsOfLowRank()).Select(place => place.Key).ToList();
        return quantities.Count == 0
            ? []
            : declaration
                .Sublayers.Where(sublayer => sublayer.Part is { } part && part.Linears.Any(linear => linear.LowRank is not null))
                .Select(sublayer =>
                    $"{string.Join(" and ", quantities)} of {sublayer.Property.Name} stays what its class {sublayer.Part!.Name} declares: a variation does not reach into a [Part]."
                );
    }

    private static bool HasWeights(PartOptions? part) => part is not null && (part.Linears.Any() || part.OtherParameters > 0);
}
