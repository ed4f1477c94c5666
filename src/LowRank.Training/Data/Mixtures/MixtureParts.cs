using System.Globalization;
using System.Numerics;
using LowRank.Training.Wording;

namespace LowRank.Training.Data.Mixtures;

/// <summary>
/// Weights as whole parts: of <see cref="Most"/>, rounded by the largest remainder, then divided by what they have in common, so that
/// weights of 0.7 and 0.3 are 7 and 3 of every 10 sequences.
/// </summary>
internal static class MixtureParts
{
    /// <summary>The most parts that weights are rounded to.</summary>
    public const int Most = 1000;

    /// <summary>The parts of each path; none where no weights are given.</summary>
    /// <exception cref="InputException">There are more or fewer weights than paths, or one is too small or no number above 0.</exception>
    public static IReadOnlyList<int> Of(CorpusOptions options)
    {
        var (weights, paths) = (options.TextWeights, options.TextPaths);
        if (weights.Count == 0)
            return [];
        var name = new OptionName(nameof(CorpusOptions.TextWeights));
        if (weights.Count != paths.Count)
        {
            throw InputException.Naming(
                $"{name} needs a number for each path of {new OptionName(nameof(CorpusOptions.TextPaths))}: of those there are {Quantity.Count(paths.Count)}, of numbers {Quantity.Count(weights.Count)}. Give each path one, in their order."
            );
        }

        foreach (var weight in weights)
        {
            if (!(weight > 0 && double.IsFinite(weight)))
            {
                throw InputException.Naming(
                    $"{name} has a weight of {weight.ToString(CultureInfo.InvariantCulture)}; give numbers above 0, of which the ratios count."
                );
            }
        }

        var parts = Round(weights);
        if (Array.IndexOf(parts, 0) is >= 0 and var lost)
        {
            throw InputException.Naming(
                $"The weight {weights[lost].ToString(CultureInfo.InvariantCulture)} of '{paths[lost]}' is too small a share of all: in {name} less than half of {1.0 / Most} can't be kept. Raise it, or leave that path out."
            );
        }

        return parts;
    }

    private static int[] Round(IReadOnlyList<double> weights)
    {
        // Divided first: the sum of large weights may have no number.
        var largest = weights.Max();
        var sum = weights.Sum(weight => weight / largest);
        var shares = weights.Select(weight => weight / largest / sum * Most).ToArray();
        var parts = shares.Select(share => (int)share).ToArray();
        var left = Most - parts.Sum();
        foreach (var source in Enumerable.Range(0, parts.Length).OrderByDescending(source => shares[source] - parts[source]).Take(left))
            parts[source]++;
        var common = (int)parts.Aggregate(BigInteger.Zero, (divisor, part) => BigInteger.GreatestCommonDivisor(divisor, part));
        return [.. parts.Select(part => part / common)];
    }
}
