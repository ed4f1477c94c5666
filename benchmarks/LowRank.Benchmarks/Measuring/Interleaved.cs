using System.Diagnostics;

namespace LowRank.Benchmarks.Measuring;

/// <summary>Runs contenders in turn, so that whatever else the machine does hits all of them alike.</summary>
internal static class Interleaved
{
    /// <summary>Seconds of every round of every contender; rounds with the same index stand beside each other in time.</summary>
    /// <param name="rounds">Number of rounds.</param>
    /// <param name="contenders">What is timed, after one untimed run each.</param>
    public static double[][] Run(int rounds, params Action[] contenders) => RunSelfTimed(rounds, [.. contenders.Select(Timed)]);

    /// <summary>
    /// The same with contenders that return their own seconds. Not an overload: a step that returns its loss would be taken for one.
    /// </summary>
    public static double[][] RunSelfTimed(int rounds, params Func<double>[] contenders)
    {
        foreach (var contender in contenders)
            contender();
        var seconds = contenders.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                // Another one begins each round, so that nobody always runs after the same neighbor.
                var index = (round + turn) % contenders.Length;
                seconds[index][round] = contenders[index]();
            }
        }

        return seconds;
    }

    /// <summary>A step, whatever it returns, as a contender that returns its seconds.</summary>
    public static Func<double> Timed(Func<double> step) =>
        Timed(() =>
        {
            _ = step();
        });

    private static Func<double> Timed(Action step) =>
        () =>
        {
            var start = Stopwatch.GetTimestamp();
            step();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        };

    /// <summary>Round by round, one contender's seconds over another's.</summary>
    public static IEnumerable<double> Ratio(double[] contender, double[] reference) =>
        contender.Zip(reference, (mine, theirs) => mine / theirs);
}
