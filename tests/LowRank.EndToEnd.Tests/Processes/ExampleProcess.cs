using System.Diagnostics;
using System.Text;
using LowRank.EndToEnd.Tests.Ranks;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>The Examples program in a process of its own, as a user runs it.</summary>
internal sealed class ExampleProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    private ExampleProcess(ProcessStartInfo start, string workingDirectory, params (string Name, string Value)[] environment)
    {
        start.WorkingDirectory = workingDirectory;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        // As in the tests themselves: it is over before a profile pays for itself.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, data) => Append(output, data.Data);
        process.ErrorDataReceived += (_, data) => Append(error, data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "LowRank.Examples.dll");

    public int Id => process.Id;

    public string Output => Read(output);

    public string Error => Read(error);

    public bool HasExited => process.HasExited;

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static ExampleProcess Start(string workingDirectory, params string[] arguments) =>
        new(new ProcessStartInfo(Host, [Program, .. arguments]), workingDirectory);

    /// <summary>Starts it as on a file system that knows no locks.</summary>
    public static ExampleProcess StartWithoutLocks(string workingDirectory, params string[] arguments) =>
        new(new ProcessStartInfo(Host, [Program, .. arguments]), workingDirectory, ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"));

    /// <summary>Starts it by a script of the shell, in which <c>exec "$@"</c> stands for it.</summary>
    public static ExampleProcess StartByScript(string workingDirectory, string script, params string[] arguments) =>
        new(new ProcessStartInfo("/bin/sh", ["-c", script, "sh", Host, Program, .. arguments]), workingDirectory);

    /// <summary>Starts it by <c>mpirun</c>, whose process this is then.</summary>
    /// <param name="workingDirectory">Where.</param>
    /// <param name="flags">Flags of mpirun's.</param>
    /// <param name="ranks">How many processes with which arguments, ranks counted through.</param>
    public static ExampleProcess StartRanks(string workingDirectory, string[] flags, params (int Count, string[] Arguments)[] ranks)
    {
        var start = Mpirun.Start();
        foreach (var flag in flags)
            start.ArgumentList.Add(flag);
        for (var at = 0; at < ranks.Length; at++)
        {
            var (count, arguments) = ranks[at];
            string[] separator = at == 0 ? [] : [":"];
            foreach (var argument in (string[])[.. separator, "-n", $"{count}", Host, Program, .. arguments])
                start.ArgumentList.Add(argument);
        }

        return new(start, workingDirectory);
    }

    /// <summary>Runs to the end.</summary>
    public static (int ExitCode, string Output, string Error) Run(string workingDirectory, params string[] arguments)
    {
        using var started = Start(workingDirectory, arguments);
        return (started.WaitForExit(), started.Output, started.Error);
    }

    /// <summary>Waits until standard error holds a text; false when the process ends first or two minutes pass.</summary>
    public bool WaitForError(string text)
    {
        var patience = Stopwatch.StartNew();
        while (!Error.Contains(text, StringComparison.Ordinal))
        {
            if (process.HasExited || patience.Elapsed > TimeSpan.FromMinutes(2))
                return false;
            Thread.Sleep(20);
        }

        return true;
    }

    /// <summary>SIGKILL: the process gets no chance to tidy up.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    public int WaitForExit()
    {
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(8)), $"Still running.\n{Output}\n{Error}");
        process.WaitForExit(); // Drains the redirected streams.
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }

    private static void Append(StringBuilder builder, string? line)
    {
        lock (builder)
        {
            if (line is not null)
                builder.Append(line).Append('\n');
        }
    }

    private static string Read(StringBuilder builder)
    {
        lock (builder)
            return builder.ToString();
    }
}
