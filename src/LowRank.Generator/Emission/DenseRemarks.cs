using System.Globalization;
using LowRank.Generator.Costs;

namespace LowRank.Generator.Emission;

/// <summary>What the classes of <c>[DenseBaseline]</c> are, for the hover.</summary>
internal static class DenseRemarks
{
    public static string OfBaseline(CostedTransformer costed)
    {
        var unmatched = costed.FlopMatch is { Missing: { } reason } ? $" There is no FLOP-matched one beside it: {reason}." : "";
        return $"The architecture of {costed.Model.Type.Name} with every low rank removed.{unmatched}";
    }

    public static string OfMatched(CostedTransformer costed, CostedTransformer matched)
    {
        var sizes = costed
            .Model.Sublayers.Zip(matched.Model.Sublayers, (declared, narrowed) => (declared, narrowed))
            .Where(pair => pair.declared.FeedForward is not null)
            .Select(pair =>
                $"{pair.declared.Name} {Literals.Readable(pair.narrowed.FeedForward!.Hidden)} instead of {Literals.Readable(pair.declared.FeedForward!.Hidden)}"
            );
        return $"The dense model of {costed.Model.Type.Name}'s forward FLOPs: every low rank removed, hidden sizes scaled ({string.Join(", ", sizes)}). "
            + $"It costs {Percent(costed.FlopMatch!.Share)} of the factored model's forward FLOPs per token (paper convention, once every guide is gone).";
    }

    // Never rounded up: 100 % is said of equal FLOPs alone.
    private static string Percent(decimal share) =>
        (decimal.Truncate(10_000 * share) / 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
