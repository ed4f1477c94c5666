using System.Globalization;
using LowRank.Generator.Costs;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Model;
using LowRank.Generator.Shapes;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>
/// A latent vector saves weights: below the rank from which the ways down and up hold as many as one direct projection. A cache saves as
/// well from there on down, since the break-even lies below the width of expanded keys and values.
/// </summary>
internal sealed class LatentRankRule : IRule<SizedTransformer>
{
    public IEnumerable<Finding> Check(SizedTransformer transformer)
    {
        var width = transformer.Model.Options.Width;
        foreach (var sublayer in transformer.Model.Sublayers)
        {
            if (sublayer.Attention is not { Latent: { } latent } attention)
                continue;
            var expanded = (long)attention.Heads * ((long)latent.ContentSize + latent.ValueSize);
            if (Check(sublayer, "KeyValueRank", "keys and values", latent.KeyValueRank, width, expanded) is { } ofKeys)
                yield return ofKeys;
            if (latent.QueryRank > 0 && Check(sublayer, "QueryRank", "queries", latent.QueryRank, width, attention.Width) is { } ofQueries)
                yield return ofQueries;
        }
    }

    private static Finding? Check(SublayerModel sublayer, string argument, string what, int rank, int width, long outputs)
    {
        if (outputs > int.MaxValue)
            return null;
        var direct = new LinearModel(argument, width, (int)outputs, HasBias: false, LowRank: null);
        if (!LinearCost.ReachesBreakEven(direct, rank))
            return null;
        return Finding.Of(
            ShapeRules.LatentSavesNothing,
            new Target(sublayer.Name, "Attention").At(argument),
            argument,
            rank,
            sublayer.Name,
            rank * (width + (decimal)outputs),
            (decimal)width * outputs,
            what,
            Math.Round(LinearCost.BreakEvenRank(direct), 1)
        ) with
        {
            Suggestion = AlignedRanks.Saving([direct])?.ToString(CultureInfo.InvariantCulture),
        };
    }
}
