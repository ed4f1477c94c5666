using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace LowRank.Training.Tests.Distributed;

/// <summary>What a rank said of a scenario.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Scenario">The scenario.</param>
/// <param name="Values">What it found, by name.</param>
/// <param name="Error">What ended it early.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record RankReport(int Rank, string Scenario, Dictionary<string, string> Values, string? Error, double Seconds);

/// <summary>Scenarios of RankProbe under <c>mpirun</c>, several in one job, since a start costs seconds.</summary>
internal static class RankJob
{
    /// <summary>Why tests that need it are skipped.</summary>
    public const string Missing = "There is no mpirun of Open MPI's; Debian has it as openmpi-bin.";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Lazy<bool> There = new(Ask);

    /// <summary>Whether this machine has Open MPI.</summary>
    public static bool IsThere => There.Value;

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
        var start = Mpirun();
        foreach (var argument in (string[])["-n", ranks.ToString(CultureInfo.InvariantCulture), "--oversubscribe", .. flags])
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "RankProbe.dll"));
        foreach (var scenario in scenarios)
            start.ArgumentList.Add(scenario);
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
        List<RankReport> reports = [];
        List<string> rest = [];
        foreach (var line in lines)
        {
            // mpirun gives each rank a terminal, which the runtime greets with an escape sequence.
            var at = line.IndexOf("{\"Rank\"", StringComparison.Ordinal);
            if (at >= 0)
                reports.Add(JsonSerializer.Deserialize<RankReport>(line[at..])!);
            else if (line.Replace("\u001b[?1h", "", StringComparison.Ordinal).Trim() is { Length: > 0 } text)
                rest.Add(text);
        }

        return (reports, process.ExitCode, string.Join('\n', rest));
    }

    private static bool Ask()
    {
        try
        {
            var start = Mpirun();
            start.ArgumentList.Add("--version");
            using var process = Process.Start(start)!;
            return process.StandardOutput.ReadToEnd().Contains("Open MPI", StringComparison.Ordinal);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static ProcessStartInfo Mpirun()
    {
        var start = new ProcessStartInfo("mpirun")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // mpirun refuses root otherwise, and containers have no other user.
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        return start;
    }
}
