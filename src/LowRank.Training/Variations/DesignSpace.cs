using LowRank.Generator.Checks;
using LowRank.Generator.Costs;
using LowRank.Generator.Shapes;
using LowRank.Training.Wording;

namespace LowRank.Training.Variations;

/// <summary>The variations of a model that are looked at: every combination of the values of some quantities.</summary>
/// <param name="Axes">The quantities with their values.</param>
internal sealed record DesignSpace(IReadOnlyList<(VariedPlace Place, IReadOnlyList<double> Values)> Axes)
{
    /// <summary>Most combinations that are worked out.</summary>
    public const int MostPoints = 20_000;

    private const int UsualRanks = 8;

    /// <summary>Reads it: <c>rank=16..64:16</c>, <c>FeedForward.hidden=256,352</c>…</summary>
    /// <exception cref="InputException">A range is wrong, a quantity is given twice, or there are too many combinations.</exception>
    public static DesignSpace Parse(IEnumerable<string> ranges) =>
        Parse(
            ranges.Select(range =>
                range.IndexOf('=') is var equals and >= 0
                    ? (range[..equals], range[(equals + 1)..])
                    : throw new InputException($"'{range}' is no range; write for example rank=16..64:16 or FeedForward.hidden=256,352.")
            )
        );

    /// <summary>The same of pairs of a quantity and its values.</summary>
    public static DesignSpace Parse(IEnumerable<(string Quantity, string Values)> ranges)
    {
        var axes = new List<(VariedPlace Place, IReadOnlyList<double> Values)>();
        foreach (var (quantity, values) in ranges)
        {
            var place = VariedPlace.Parse(quantity);
            if (axes.Exists(axis => axis.Place.IsSame(place)))
                throw new InputException($"{place} is given twice; write all its values in one list.");
            axes.Add((place, ValueRange.Parse(place, values)));
        }

        var count = axes.Aggregate(1m, (product, axis) => product * axis.Values.Count);
        return count <= MostPoints
            ? new(axes)
            : throw new InputException(
                $"These are {Quantity.Count(count)} combinations, and at most {Quantity.Count(MostPoints)} are worked out; take wider steps."
            );
    }

    /// <summary>Where nothing is said: ranks on the tile grid up to the largest that saves on every factored layer.</summary>
    /// <exception cref="InputException">The model has no low rank.</exception>
    public static DesignSpace Usual(ModelEntry entry)
    {
        var factored = ShapeInference
            .Infer(DeclarationReader.Of(entry))
            .Sublayers.SelectMany(sublayer => sublayer.Linears)
            .Where(pair => pair.Linear.LowRank is not null)
            .Select(pair => pair.Linear)
            .ToList();
        if (factored.Count == 0)
            throw new InputException(
                $"{entry.Name} has no [LowRank], so say what to vary: width=256..512:64, depth=4,6,8, hidden=512,768, heads=4,8."
            );
        var largest = Math.Max(SavingRank.Largest(factored), 1);
        double[] ranks =
        [
            .. Enumerable
                .Range(1, UsualRanks)
                .Select(part => (double)AlignedRanks.AtMost((int)Math.Max((long)largest * part / UsualRanks, 1)))
                .Distinct(),
        ];
        return new([(new(null, VariedQuantity.Rank), ranks)]);
    }

    /// <summary>Every combination, the last quantity varied fastest.</summary>
    public IEnumerable<Variation> Variations() =>
        Axes.Aggregate(
                (IEnumerable<IReadOnlyList<(VariedPlace, double)>>)
                    [
                        [],
                    ],
                (chosen, axis) =>
                    chosen.SelectMany(before =>
                        axis.Values.Select(value => (IReadOnlyList<(VariedPlace, double)>)[.. before, (axis.Place, value)])
                    )
            )
            .Select(Variation.Of);
}
