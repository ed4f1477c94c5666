using System.Diagnostics;

namespace LowRank.Generator.Benchmarks;

/// <summary>Times something again and again.</summary>
internal static class Timing
{
    private const int Fewest = 5;

    private const int Most = 200;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(2);

    /// <summary>Milliseconds of each repetition, after repetitions that only warm up.</summary>
    /// <param name="prepare">Prepares a repetition and returns what is to be timed.</param>
    public static List<double> Milliseconds(Func<Action> prepare) =>
        Milliseconds(() =>
        {
            var action = prepare();
            var start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });

    /// <summary>The same of repetitions that take their own time.</summary>
    /// <param name="repeat">Runs a repetition and returns its milliseconds.</param>
    public static List<double> Milliseconds(Func<double> repeat)
    {
        var samples = new List<double>();
        var clock = Stopwatch.StartNew();
        do _ = repeat();
        while (clock.Elapsed < WarmUp);

        clock.Restart();
        while (samples.Count < Fewest || (samples.Count < Most && clock.Elapsed < Enough))
            samples.Add(repeat());
        return samples;
    }
}
