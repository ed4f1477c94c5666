using System.Globalization;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks.Transformers;

/// <summary>Finds the number to suggest where one does not divide another.</summary>
internal static class Divisors
{
    /// <summary>A finding that one number does not divide another, with the nearest that does.</summary>
    public static Finding Suggest(DiagnosticDescriptor rule, Target target, int number, int wanted, Func<int, bool>? isRight = null)
    {
        var right = Nearest(number, wanted, isRight ?? (_ => true));
        return Finding.Of(rule, target, number, wanted, right ?? Nearest(number, wanted)) with
        {
            Suggestion = right?.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The divisor of <paramref name="number"/> closest to <paramref name="wanted"/>; the larger one of two.</summary>
    public static int Nearest(int number, int wanted) => Nearest(number, wanted, _ => true) ?? 1;

    private static int? Nearest(int number, int wanted, Func<int, bool> isRight)
    {
        int? nearest = null;
        // Divisors come in pairs around the root, so that even the largest number takes no time worth naming.
        for (var divisor = 1; divisor <= number / divisor; divisor++)
        {
            if (number % divisor != 0)
                continue;
            foreach (var candidate in new[] { divisor, number / divisor })
            {
                if (isRight(candidate))
                    nearest = nearest is { } found ? Closer(found, candidate, wanted) : candidate;
            }
        }

        return nearest;
    }

    private static int Closer(int first, int second, int wanted)
    {
        var (firstDistance, secondDistance) = (Math.Abs((long)first - wanted), Math.Abs((long)second - wanted));
        if (firstDistance == secondDistance)
            return Math.Max(first, second);
        return firstDistance < secondDistance ? first : second;
    }
}
