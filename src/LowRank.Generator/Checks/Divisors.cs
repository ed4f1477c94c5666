using System.Globalization;
using LowRank.Generator.Model;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Checks;

/// <summary>Finds the number to suggest where one does not divide another.</summary>
internal static class Divisors
{
    /// <summary>A finding that one number does not divide another, with the nearest that does.</summary>
    public static Finding Suggest(DiagnosticDescriptor rule, Target target, int number, int wanted)
    {
        var nearest = Nearest(number, wanted);
        return Finding.Of(rule, target, number, wanted, nearest) with { Suggestion = nearest.ToString(CultureInfo.InvariantCulture) };
    }

    /// <summary>The divisor of <paramref name="number"/> closest to <paramref name="wanted"/>; the larger one of two.</summary>
    private static int Nearest(int number, int wanted)
    {
        for (var distance = 0; distance < number; distance++)
        {
            if (wanted + distance <= number && number % (wanted + distance) == 0)
                return wanted + distance;
            if (wanted - distance >= 1 && number % (wanted - distance) == 0)
                return wanted - distance;
        }

        return number;
    }
}
