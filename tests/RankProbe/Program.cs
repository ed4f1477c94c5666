using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LowRank.Native;
using LowRank.RankProbe;
using LowRank.Training.Distributed;
using static TorchSharp.torch;

// SCENARIO…: joins the ranks that the launcher has started, runs the scenarios one after the other, and leaves a line of JSON for each, in
// a file of the rank's own in the folder that the environment names.
TorchLibrary.Prepare();
Func<string, string?> variable = Environment.GetEnvironmentVariable;
var launcher = Launcher.Find(variable) ?? throw new InvalidOperationException("Start this with mpirun.");
var reports = variable("RANK_PROBE_REPORTS") ?? throw new InvalidOperationException("RANK_PROBE_REPORTS names no folder.");

// As training has it: a rank computes with its own cores.
set_num_threads(1);
using var group = ProcessGroup.Join(launcher, CPU, variable, patience: TimeSpan.FromSeconds(30));
foreach (var name in args)
{
    var clock = Stopwatch.StartNew();
    var (values, error) = (new Dictionary<string, string>(), (string?)null);
    try
    {
        foreach (var (key, value) in Scenarios.All[name](group))
            values[key] = value;
    }
    catch (Exception thrown)
    {
        error = thrown is RankFailedException failed ? JsonSerializer.Serialize(failed.Failure) : thrown.ToString();
    }

    var line = JsonSerializer.Serialize(
        new
        {
            group.Rank,
            Scenario = name,
            Values = values,
            Error = error,
            Seconds = clock.Elapsed.TotalSeconds,
        }
    );
    File.AppendAllText(Path.Combine(reports, group.Rank.ToString(CultureInfo.InvariantCulture)), line + "\n");
}
