using System.Diagnostics;
using System.Text;

namespace LowRank.EndToEnd.Tests.Processes;

/// <summary>The Examples program in a process of its own, as a user runs it.</summary>
internal sealed class ExampleProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    private ExampleProcess(
        string workingDirectory,
        string[] arguments,
        string? script = null,
        params (string Name, string Value)[] environment
    )
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(script is null ? host : "/bin/sh")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (script is not null)
        {
            foreach (var part in new[] { "-c", script, "sh", host })
                start.ArgumentList.Add(part);
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "LowRank.Examples.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
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

    public int Id => process.Id;

    public string Output => Read(output);

    public string Error => Read(error);

    public bool HasExited => process.HasExited;

    public static ExampleProcess Start(string workingDirectory, params string[] arguments) => new(workingDirectory, arguments);

    /// <summary>Starts it as on a file system that knows no locks.</summary>
    public static ExampleProcess StartWithoutLocks(string workingDirectory, params string[] arguments) =>
        new(workingDirectory, arguments, null, ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"));

    /// <summary>Starts it by a script of the shell, in which <c>exec "$@"</c> stands for it.</summary>
    public static ExampleProcess StartByScript(string workingDirectory, string script, params string[] arguments) =>
        new(workingDirectory, arguments, script);

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
