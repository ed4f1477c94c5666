using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LowRank.Training.Experiments;
using LowRank.Training.Files;

namespace LowRank.Training.CommandLine.Experiments;

/// <summary>Trains one run in a process of its own: its peak memory is its own, and its crash too.</summary>
internal static class RunProcess
{
    /// <summary>The plan's file in the run's folder.</summary>
    public const string PlanName = "plan.json";

    /// <summary>Where the process leaves what the run reached.</summary>
    public const string ResultName = "result.json";

    // Ctrl-C reaches both processes, in any order.
    private static readonly TimeSpan OwnSignal = TimeSpan.FromSeconds(2);

    // What OpenMP, and with it every product, takes the number of its threads from.
    private const string ThreadsVariable = "OMP_NUM_THREADS";

    /// <summary>Trains.</summary>
    /// <param name="app">The program.</param>
    /// <param name="workingFolder">What the plan's paths are seen from.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="plan">What is trained.</param>
    /// <param name="parallel">Runs that share the cores; where there are several, each gets its part of them unless the environment says
    /// otherwise.</param>
    /// <returns>What the store keeps; null where it was stopped.</returns>
    public static StoredRun? Train(AppSession app, string workingFolder, string folder, RunPlan plan, int parallel)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, PlanName), JsonSerializer.SerializeToUtf8Bytes(plan, ExperimentJson.Default.RunPlan));
        while (true)
        {
            var (exitCode, last) = Run(app, workingFolder, folder, plan.Id, parallel);
            if (exitCode == ExitCode.Success)
                return StoreFile.ReadRun(Path.Combine(folder, ResultName));
            if (exitCode is not (ExitCode.Interrupted or ExitCode.Terminated or ExitCode.HungUp))
                return app.Stop.IsCancellationRequested
                    ? null
                    : new StoredRun(plan, null, 0, $"exit code {exitCode}: {WithoutPath(last, folder)}", null);
            if (app.Stop.WaitHandle.WaitOne(OwnSignal))
                return null;
            // A signal that meant the run's process alone ends neither the run nor the experiment.
            app.Say($"{plan.Id}: its process was told to stop, the experiment wasn't; it goes on.");
        }
    }

    // The process was told its folder in full; the store holds no path of one machine.
    private static string WithoutPath(string line, string folder) =>
        line.Replace(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    private static (int ExitCode, string LastLine) Run(AppSession app, string workingFolder, string folder, string id, int parallel)
    {
        var program = Environment.ProcessPath ?? "dotnet";
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.GetFullPath(Environment.GetCommandLineArgs()[0]));
        start.ArgumentList.Add(ExperimentRunName);
        start.ArgumentList.Add(Path.GetFullPath(folder));
        if (parallel > 1 && !start.Environment.ContainsKey(ThreadsVariable))
            start.Environment[ThreadsVariable] = Math.Max(1, Environment.ProcessorCount / parallel).ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"The program {program} can't be started.");
        var last = "";
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, data) =>
        {
            if (string.IsNullOrWhiteSpace(data.Data))
                return;
            last = data.Data;
            app.Say($"{id}: {data.Data}");
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // The closed input asks the process to save and end; it closes by itself when this process is killed.
        using (app.Stop.Register(() => process.StandardInput.Close()))
            process.WaitForExit();
        return (process.ExitCode, last);
    }

    /// <summary>The command of the process.</summary>
    public const string ExperimentRunName = "experiment-run";
}
