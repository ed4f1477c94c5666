using System.Collections;
using System.Diagnostics;

namespace LowRank.Package.Tests;

/// <summary>What a command left: its exit code, and both streams together.</summary>
internal sealed record CommandResult(string Command, int ExitCode, string Output)
{
    /// <summary>The lines that hold a text, each once: a build repeats its messages in a summary.</summary>
    public IEnumerable<string> Lines(string text) =>
        Output.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal)).Distinct();

    public CommandResult AssertSuccess()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    public CommandResult AssertFailure()
    {
        Assert.True(ExitCode != 0, ToString());
        return this;
    }

    public override string ToString() => $"{Command} ended with {ExitCode}:\n{Output}";
}

/// <summary>Runs <c>dotnet</c> as a user would: without what the test run itself has left in the environment.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static CommandResult Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunProgram(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, environment, arguments);

    /// <summary>Runs a program that it made.</summary>
    public static CommandResult RunProgram(
        string program,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Clean(start, environment);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var command = $"{Path.GetFileName(program)} {string.Join(' ', arguments)}";
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command} still runs after {Patience}.");
        }

        return new CommandResult(command, process.ExitCode, (output.Result + error.Result).ReplaceLineEndings("\n"));
    }

    /// <summary>Takes what the test run has left out of a program's environment, and puts in what is its own.</summary>
    public static void Clean(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        foreach (DictionaryEntry inherited in Environment.GetEnvironmentVariables())
        {
            var name = (string)inherited.Key;
            if (
                name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("TESTINGPLATFORM_", StringComparison.OrdinalIgnoreCase)
            )
                start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // A node that outlives the command would hold on to its output.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
    }
}
