using LowRank.Generator.Model;

namespace LowRank.Generator.Costs;

/// <summary>Finds the rank with which a model would keep to its limits.</summary>
internal static class RankSearch
{
    /// <summary>
    /// The largest rank of one of the declarations of low rank with which the costs are within their limits; null where none of them alone
    /// brings them there.
    /// </summary>
    public static (LowRankOptions Options, int Rank)? Largest(TransformerModel model, Func<ModelCosts, bool> isWithin)
    {
        foreach (var options in model.OwnLowRanksInForce)
        {
            // A ratio gives every shape its own rank: there is no one rank to name.
            if (options.Rank is not { } declared || declared < 2 || !Fits(options, 1))
                continue;
            // Every measure grows with the rank: bisect between one that fits and one that does not.
            var (fits, exceeds) = (1, declared);
            while (exceeds - fits > 1)
            {
                var middle = fits + (exceeds - fits) / 2;
                if (Fits(options, middle))
                    fits = middle;
                else
                    exceeds = middle;
            }

            return (options, fits);
        }

        return null;

        bool Fits(LowRankOptions options, int rank) => isWithin(ModelCosts.Of(WithRank(model, options, rank)));
    }

    private static TransformerModel WithRank(TransformerModel model, LowRankOptions options, int rank) =>
        model with
        {
            Sublayers = new(
                model.Sublayers.Select(sublayer =>
                    sublayer with
                    {
                        Spans = new(
                            sublayer.Spans.Select(span =>
                                span with
                                {
                                    Linears = new(
                                        span.Linears.Select(linear =>
                                            options.Equals(linear.LowRank) ? linear with { LowRank = options with { Rank = rank } } : linear
                                        )
                                    ),
                                }
                            )
                        ),
                    }
                )
            ),
        };
}
