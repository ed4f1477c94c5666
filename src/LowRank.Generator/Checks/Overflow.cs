namespace LowRank.Generator.Checks;

/// <summary>Finds sums that fit no type: every sum of the accounting is checked, and a number that does not fit is an exception.</summary>
internal static class Overflow
{
    /// <summary>Whether a sum overflows while something is counted.</summary>
    public static bool Occurs(Func<object> count) => Of(count) is null;

    /// <summary>What is counted; null where a sum overflows.</summary>
    public static T? Of<T>(Func<T> count)
        where T : class
    {
        try
        {
            return count();
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
