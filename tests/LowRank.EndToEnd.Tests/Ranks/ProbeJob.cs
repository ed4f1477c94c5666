using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LowRank.EndToEnd.Tests.Ranks;

/// <summary>What a rank said of a scenario.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Scenario">The scenario.</param>
/// <param name="Values">What it found, by name.</param>
/// <param name="Error">What ended it early.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record RankReport(int Rank, string Scenario, Dictionary<string, string> Values, string? Error, double Seconds);

/// <summary>Scenarios of RankProbe under <c>mpirun</c>, several in one job, since a start costs seconds.</summary>
internal static class ProbeJob
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs scenarios one after the other.</summary>
    /// <param name="ranks">Number of processes.</param>
    /// <param name="scenarios">Names.</param>
    /// <param name="flags">Further flags of mpirun's.</param>
    /// <returns>What the ranks said, the exit code, and what else was printed.</returns>
    public static (IReadOnlyList<RankReport> Reports, int ExitCode, string Printed) Run(
        int ranks,
        string[] scenarios,
        params string[] flags
    )
    {
        var start = Mpirun.Start();
        foreach (var argument in (string[])["-n", ranks.ToString(CultureInfo.InvariantCulture), .. flags])
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "RankProbe.dll"));
        foreach (var scenario in scenarios)
            start.ArgumentList.Add(scenario);
        // Not by way of mpirun, which passes on what ranks print in pieces, between each other where there is much of it.
        var folder = Directory.CreateTempSubdirectory("lowrank-rank-job-").FullName;
        start.Environment["RANK_PROBE_REPORTS"] = folder;
        using var process = Process.Start(start)!;
        var lines = new ConcurrentQueue<string>();
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Still running after {Limit}: {string.Join('\n', lines)}");
        }

        process.WaitForExit();
        var reports = Directory
            .GetFiles(folder)
            .SelectMany(File.ReadLines)
            .Select(line => JsonSerializer.Deserialize<RankReport>(line)!)
            .ToList();
        Directory.Delete(folder, recursive: true);
        // mpirun gives each rank a terminal, which the runtime greets with an escape sequence.
        var rest = lines
            .Select(line =>
                line.Replace("\u001b[?1h", "", StringComparison.Ordinal).Replace("\u001b=", "", StringComparison.Ordinal).Trim()
            )
            .Where(line => line.Length > 0);
        return (reports, process.ExitCode, string.Join('\n', rest));
    }
}
