using System.Collections;
using System.Diagnostics;
using System.Text;
using LowRank.Training.Documents;

namespace LowRank.Training.CommandLine.Watching;

/// <summary>Runs <c>dotnet</c> to its end; it never outlives who waits for it.</summary>
internal static class ChildProcess
{
    // What a build that has started this program left in the environment.
    private const string OfBuilds = "MSBUILD";

    /// <summary>The <c>dotnet</c> of an installation that can build.</summary>
    /// <exception cref="InputException">There is none on this machine.</exception>
    public static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        return DotnetInstallation
                .Roots()
                .Where(root => Directory.Exists(Path.Combine(root, "sdk")))
                .Select(root => Path.Combine(root, name))
                .FirstOrDefault(File.Exists)
            ?? throw new InputException(
                "--watch builds the project, and no .NET SDK was found. Install one, or put its folder into DOTNET_ROOT."
            );
    }

    /// <summary>Runs it.</summary>
    /// <param name="host">What <see cref="Host"/> found.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="stop">Kills it, and whatever it has started.</param>
    /// <returns>Its exit code, and what it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string host, IEnumerable<string> arguments, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(host, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (DictionaryEntry inherited in Environment.GetEnvironmentVariables())
        {
            if (((string)inherited.Key).StartsWith(OfBuilds, StringComparison.OrdinalIgnoreCase))
                start.Environment.Remove((string)inherited.Key);
        }

        // Errors are read; in another language they would not be known.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"The program {host} can't be started.");
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // Its folder is removed next.
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        lock (output)
            return (process.ExitCode, output.ToString());

        void Append(object sender, DataReceivedEventArgs line)
        {
            lock (output)
                output.AppendLine(line.Data);
        }
    }
}
