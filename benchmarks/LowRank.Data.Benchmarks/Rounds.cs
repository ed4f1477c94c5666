using System.Diagnostics;
using System.Globalization;

namespace LowRank.Data.Benchmarks;

/// <summary>Times measurements round by round, so that what else the machine does falls on all of them alike.</summary>
internal static class Rounds
{
    // Rounds in which the compiler still replaces methods by faster ones.
    private const int WarmUp = 3;

    public static void Measure(IReadOnlyList<Measurement> measurements, SampleText sample, string only, int rounds)
    {
        var chosen = measurements
            .Where(measurement => measurement.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
            .Select(measurement => (measurement.Name, Pass: measurement.Prepare(sample), Seconds: new List<double>()))
            .ToList();
        for (var round = 0; round < WarmUp + rounds; round++)
        {
            foreach (var (_, pass, seconds) in chosen)
            {
                var start = Stopwatch.GetTimestamp();
                pass();
                if (round >= WarmUp)
                    seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        Console.WriteLine();
        Console.WriteLine("| what | MB/s | slowest | fastest |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, _, seconds) in chosen)
        {
            seconds.Sort();
            string Speed(double time) => (sample.Bytes / 1e6 / time).ToString("0", CultureInfo.InvariantCulture);
            Console.WriteLine($"| {name} | {Speed(seconds[seconds.Count / 2])} | {Speed(seconds[^1])} | {Speed(seconds[0])} |");
        }
    }
}
