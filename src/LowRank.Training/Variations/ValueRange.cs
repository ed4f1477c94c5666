using LowRank.Generator.Checks;

namespace LowRank.Training.Variations;

/// <summary>
/// The values of one quantity: <c>64,128</c>, <c>64..256:64</c> (every 64), <c>64..512*2</c> (doubled), or <c>16..128</c>, which for a rank
/// are those on the tile grid.
/// </summary>
internal static class ValueRange
{
    private const int MostValues = 1_000;

    /// <summary>The values in the order in which they are written, each once.</summary>
    /// <exception cref="InputException">It is no list of numbers and ranges.</exception>
    public static IReadOnlyList<double> Parse(VariedPlace place, string text)
    {
        double[] values = [.. text.Split(',').SelectMany(item => Item(place, item.Trim())).Distinct().Take(MostValues + 1)];
        return values.Length <= MostValues
            ? values
            : throw new InputException($"{place}={text} has more than {MostValues} values; take a wider step.");
    }

    private static IEnumerable<double> Item(VariedPlace place, string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0)
            return [Variation.Value(place, text)];
        var rest = text[(dots + 2)..];
        var sign = rest.IndexOfAny([':', '*']);
        var (from, to) = (Variation.Value(place, text[..dots]), Variation.Value(place, sign < 0 ? rest : rest[..sign]));
        if (to < from)
            throw new InputException($"{place}={text} runs backwards; write the smaller number first.");
        if (sign < 0)
            return place.Quantity == VariedQuantity.Rank
                ? OnGrid((int)from, (int)to)
                : throw new InputException($"{place}={text} has no step; write for example {place}={text}:{Step(place, from, to)}.");
        return rest[sign] == ':' ? Steps(from, to, By(1e-9)) : Multiples(from, to, By(1 + 1e-9));

        double By(double least)
        {
            var by = Variation.Value(new(null, VariedQuantity.Ratio), rest[(sign + 1)..]);
            return by >= least && (sign < 0 || rest[sign] == '*' || !place.Quantity.IsWhole() || by == Math.Floor(by))
                ? by
                : throw new InputException(
                    rest[sign] == ':'
                        ? $"{place}={text} goes by '{rest[(sign + 1)..]}', which is no step above 0."
                        : $"{place}={text} multiplies by '{rest[(sign + 1)..]}', which is no number above 1."
                );
        }

        IEnumerable<double> Multiples(double first, double last, double by)
        {
            if (!(first > 0))
                throw new InputException($"{place}={text} multiplies, which needs a first value above 0.");
            for (var value = first; value <= last * (1 + 1e-12); value *= by)
                yield return place.Quantity.IsWhole() ? Math.Round(value) : value;
        }
    }

    // Counted from the first, so that 0.1..0.5:0.1 is what it says.
    private static IEnumerable<double> Steps(double from, double to, double step)
    {
        for (var index = 0; from + index * step <= to + step * 1e-9; index++)
            yield return (double)((decimal)from + index * (decimal)step);
    }

    private static IEnumerable<double> OnGrid(int from, int to)
    {
        for (var rank = Math.Max(from, 1); rank <= to; rank++)
        {
            if (AlignedRanks.IsAligned(rank))
                yield return rank;
        }
    }

    private static string Step(VariedPlace place, double from, double to) =>
        Variation.Write(place.Quantity.IsWhole() ? Math.Max(1, Math.Round((to - from) / 4)) : 0.05);
}
