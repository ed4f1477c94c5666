using System.Globalization;

namespace LowRank.EndToEnd.Tests.Stress;

/// <summary>
/// Work done over and over while garbage is collected all the time: what native code still uses must not be finalized. How often, says the
/// environment: <c>STRESS_ITERATIONS</c>.
/// </summary>
internal static class Repetition
{
    // Some dozens of calls, so that hot methods are compiled with optimization: only then are objects let go before their last call
    // returns.
    private const int TimesInEveryRun = 60;

    // Turns of SpinWait: about a millisecond.
    private const int Pause = 20_000;

    public static int Times { get; } =
        Environment.GetEnvironmentVariable("STRESS_ITERATIONS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : TimesInEveryRun;

    /// <summary>Does the work, each time with its index.</summary>
    public static void Run(Action<int> work)
    {
        var isDone = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                GC.Collect(0);
                // Without it all other threads are stopped again before they get anywhere.
                Thread.SpinWait(Pause);
            }
        })
        {
            IsBackground = true,
        };
        collector.Start();
        try
        {
            for (var index = 0; index < Times; index++)
                work(index);
        }
        finally
        {
            Volatile.Write(ref isDone, true);
            collector.Join();
        }
    }
}
