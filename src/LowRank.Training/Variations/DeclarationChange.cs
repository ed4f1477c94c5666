using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Training.Variations;

/// <summary>Makes one change in a declaration, as its author would by editing an attribute.</summary>
internal static class DeclarationChange
{
    /// <exception cref="InputException">The declaration has nothing of what is to be changed.</exception>
    public static TransformerDeclaration Make(TransformerDeclaration declaration, VariedPlace place, double value)
    {
        var number = place.Quantity.IsWhole() ? (int)value : 0;
        var transformer = declaration.Transformer;
        return place.Quantity switch
        {
            VariedQuantity.Width => PartSizes.Fit(declaration, number) with { Transformer = transformer with { Width = number } },
            VariedQuantity.Depth => declaration with { Transformer = transformer with { Depth = number } },
            VariedQuantity.Hidden => OfSublayers(
                declaration,
                place,
                sublayer => sublayer.FeedForward is { } options ? sublayer with { FeedForward = options with { Hidden = number } } : null
            ),
            VariedQuantity.Heads => OfSublayers(
                declaration,
                place,
                sublayer => sublayer.Attention is { } options ? sublayer with { Attention = options with { Heads = number } } : null
            ),
            VariedQuantity.KeyValueHeads => OfSublayers(
                declaration,
                place,
                sublayer => sublayer.Attention is { } options ? sublayer with { Attention = options with { KeyValueHeads = number } } : null
            ),
            VariedQuantity.KeyValueRank => OfSublayers(
                declaration,
                place,
                sublayer =>
                    sublayer.Attention is { IsLatent: true } options
                        ? sublayer with
                        {
                            Attention = options with { KeyValueRank = number },
                        }
                        : null
            ),
            VariedQuantity.Rank => OfLowRank(declaration, place, options => options with { Rank = number, Ratio = null, IsRecipe = false }),
            VariedQuantity.Ratio => OfLowRank(declaration, place, options => options with { Rank = null, Ratio = value, IsRecipe = false }),
            _ => OfLowRank(declaration, place, options => options.HasGuide ? options with { PhaseOut = value } : options),
        };
    }

    private static TransformerDeclaration OfSublayers(
        TransformerDeclaration declaration,
        VariedPlace place,
        Func<SublayerDeclaration, SublayerDeclaration?> change
    )
    {
        var named = place.Sublayer is { } name ? Sublayer(declaration, name) : null;
        var changed = declaration.Sublayers.Select(sublayer => named is null || sublayer == named ? change(sublayer) : null).ToList();
        if (changed.TrueForAll(sublayer => sublayer is null))
            throw new InputException($"{Owner(declaration, named)} has no {place.Quantity.Key()} that could be varied.");
        return declaration with { Sublayers = new(declaration.Sublayers.Zip(changed, (old, sublayer) => sublayer ?? old)) };
    }

    private static TransformerDeclaration OfLowRank(
        TransformerDeclaration declaration,
        VariedPlace place,
        Func<LowRankOptions, LowRankOptions> change
    )
    {
        if (place.Sublayer is { } name)
        {
            var sublayer = Sublayer(declaration, name);
            PartSizes.RefuseLowRank(declaration, sublayer, place);
            var own = OwnLowRanks(sublayer, declaration).ToList();
            Require(own, place, Owner(declaration, sublayer));
            var sublayers = declaration.Sublayers.Select(other => other == sublayer ? other with { LowRanks = Changed(own) } : other);
            return WithoutIdle(declaration, declaration with { Sublayers = new(sublayers) });
        }

        Require([.. declaration.LowRanks], place, declaration.Type.Name);
        return declaration with
        {
            ClassLowRanks = Changed(declaration.ClassLowRanks),
            AssemblyLowRanks = Changed(declaration.AssemblyLowRanks),
            Sublayers = new(declaration.Sublayers.Select(sublayer => sublayer with { LowRanks = Changed(sublayer.LowRanks) })),
        };

        EquatableArray<LowRankOptions> Changed(IEnumerable<LowRankOptions> options) => new(options.Select(change));
    }

    // The class's [LowRank] goes where each of its sublayers has got one of its own.
    private static TransformerDeclaration WithoutIdle(TransformerDeclaration before, TransformerDeclaration after)
    {
        var (selected, left) = (InForce(before), InForce(after));
        return after with
        {
            ClassLowRanks = new(after.ClassLowRanks.Where(options => left.Contains(options) || !selected.Contains(options))),
        };

        static HashSet<LowRankOptions> InForce(TransformerDeclaration declaration) =>
            [.. ShapeInference.Infer(declaration).LowRanksInForce];
    }

    private static void Require(List<LowRankOptions> options, VariedPlace place, string owner)
    {
        if (options.Count == 0)
            throw new InputException($"{owner} has no [LowRank] of its own, so there is no {place.Quantity.Key()} that could be varied.");
        if (place.Quantity == VariedQuantity.PhaseOut && options.TrueForAll(one => !one.HasGuide))
            throw new InputException($"{owner} has no guide, so there is no phaseOut that could be varied.");
    }

    // What lies further out is written on the sublayer itself, where it stands for this sublayer alone.
    private static IEnumerable<LowRankOptions> OwnLowRanks(SublayerDeclaration sublayer, TransformerDeclaration declaration)
    {
        if (sublayer.LowRanks.Count > 0)
            return sublayer.LowRanks;
        string[] linears =
            sublayer.Attention is { IsLatent: true } latent ? [.. LatentModel.Roles(latent.QueryRank is not null)]
            : sublayer.Attention is not null ? ["Query", "Key", "Value", "Output"]
            : sublayer.FeedForward is { Gated: true } ? ["Gate", "Up", "Down"]
            : ["Up", "Down"];
        return LowRankLevels
            .Of(sublayer, declaration)
            .SelectMany(level => level)
            .Select(options => (Options: options, Selected: linears.Where(linear => options.Selects(linear)).ToList()))
            .Where(pair => pair.Selected.Count > 0)
            .Select(
                (pair, index) =>
                    pair.Options with
                    {
                        Origin = new Target(sublayer.Property.Name, "LowRank", Index: index),
                        Projections =
                            pair.Selected.Count == linears.Length
                                ? Projections.All
                                : pair.Selected.Aggregate(default(Projections), (sum, linear) => sum | Enum.Parse<Projections>(linear)),
                    }
            );
    }

    private static SublayerDeclaration Sublayer(TransformerDeclaration declaration, string name) =>
        declaration.Sublayers.FirstOrDefault(sublayer => string.Equals(sublayer.Property.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException(
            $"{declaration.Type.Name} has no sublayer '{name}'; it has {string.Join(", ", declaration.Properties.Select(property => property.Name))}."
        );

    private static string Owner(TransformerDeclaration declaration, SublayerDeclaration? sublayer) =>
        sublayer is null ? declaration.Type.Name : $"{declaration.Type.Name}.{sublayer.Property.Name}";
}
