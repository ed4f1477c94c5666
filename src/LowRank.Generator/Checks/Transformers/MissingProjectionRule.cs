using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>The projections that a <c>[LowRank]</c> names are there. On the assembly they may be another model's.</summary>
internal sealed class MissingProjectionRule : IRule<SizedTransformer>
{
    private const Projections Latent = Projections.QueryDown | Projections.KeyValueDown;

    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        // Sublayers without sizes are missing from the model, and what they have is not known.
        if (!transformer.IsWhole)
            yield break;
        var (declaration, model) = transformer;
        foreach (var lowRank in declaration.LowRanks.Where(lowRank => !lowRank.Origin.IsAssembly && lowRank.Projections != Projections.All))
        {
            var available = Available(lowRank, model);
            var missing = Enum.GetNames(typeof(Projections))
                .Where(name =>
                    name is not (nameof(Projections.All) or nameof(Projections.None))
                    && !available.Contains(name)
                    && !(IsAllBut(lowRank.Projections) && (Latent & (Projections)Enum.Parse(typeof(Projections), name)) != 0)
                    && (lowRank.Projections & (Projections)Enum.Parse(typeof(Projections), name)) != 0
                )
                .ToList();
            // The recipe names all that a feed-forward layer may have.
            if (missing.Count > 0 && !(lowRank.IsRecipe && available.Any(lowRank.Selects)))
            {
                yield return Finding.Of(
                    LowRankRules.MissingProjection,
                    lowRank.Origin.At("Projections"),
                    lowRank.Origin.OwnerOf(declaration.Type.Name),
                    string.Join(", ", missing),
                    string.Join(", ", available)
                );
            }
        }
    }

    // Written as Projections.All & ~…: who leaves some linears out doesn't name those of latent attention.
    private static bool IsAllBut(Projections projections) =>
        (projections & Latent) == Latent
        && Enum.GetNames(typeof(Projections)).Count(name => projections.HasFlag((Projections)Enum.Parse(typeof(Projections), name))) >= 5;

    /// <summary>The linears, by name, of the sublayers that a declaration stands on or around.</summary>
    public static List<string> Available(ILinearSelector selector, TransformerModel model) =>
        model
            .Sublayers.Where(sublayer =>
                sublayer.Part is null && (selector.Origin.Property is null || selector.Origin.Property == sublayer.Name)
            )
            .SelectMany(sublayer => sublayer.Linears)
            .Select(pair => LinearSelectors.RoleOf(pair.Linear.Name))
            .Distinct()
            .ToList();
}
