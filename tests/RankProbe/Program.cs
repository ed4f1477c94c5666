using System.Diagnostics;
using System.Text.Json;
using LowRank.Native;
using LowRank.RankProbe;
using LowRank.Training.Distributed;
using static TorchSharp.torch;

// SCENARIO…: joins the ranks that the launcher has started, runs the scenarios one after the other, and prints a line of JSON for each.
TorchLibrary.Prepare();
Func<string, string?> variable = Environment.GetEnvironmentVariable;
var launcher = Launcher.Find(variable) ?? throw new InvalidOperationException("Start this with mpirun.");

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

    // In one write, so that lines of several processes don't mix.
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
    using (var output = Console.OpenStandardOutput())
        output.Write(System.Text.Encoding.UTF8.GetBytes($"{line}\n"));
}
