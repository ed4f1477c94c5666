namespace LowRank.Generator.Checks;

/// <summary>Finds the number to suggest where one does not divide another.</summary>
internal static class Divisors
{
    /// <summary>The divisor of <paramref name="number"/> closest to <paramref name="wanted"/>; the larger one of two.</summary>
    public static int Nearest(int number, int wanted)
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
