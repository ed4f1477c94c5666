namespace LowRank.Fuzzing;

/// <summary>The chance of one case: the same for the same seed and number, whatever ran before.</summary>
internal sealed class Dice(int seed, int number)
{
    private readonly Random random = new(unchecked((seed * 1_000_003) ^ number));

    /// <summary>A number from 0 to one below the limit.</summary>
    public int Below(int limit) => random.Next(limit);

    public bool OneIn(int times) => random.Next(times) == 0;

    public T Of<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
}
