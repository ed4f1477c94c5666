using System.Diagnostics;

namespace LowRank.Package.Tests.Watching;

/// <summary>The program that the template makes, built once for all that is tried with it.</summary>
public sealed class TemplateProgram
{
    private const string Configuration = "Release";

    private readonly PackedFeed feed;

    public TemplateProgram(PackedFeed feed)
    {
        this.feed = feed;
        // A home of its own: the templates of whoever runs the tests stay as they are.
        Variables = new Dictionary<string, string>(feed.Variables) { ["DOTNET_CLI_HOME"] = Path.Combine(feed.Folder, "home") };
        DotnetCommand.Run(feed.Folder, Variables, "new", "install", feed.PackageFile("LowRank.Templates")).AssertSuccess();
        DotnetCommand.Run(feed.Folder, Variables, "new", "lowrank", "-o", "my-transformer", "--no-restore").AssertSuccess();
        Folder = Path.Combine(feed.Folder, "my-transformer");
        Files = [.. Directory.GetFileSystemEntries(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        DotnetCommand.Run(Folder, feed.Variables, "build", "-m:1", "-warnaserror", "-c", Configuration).AssertSuccess();
    }

    public string Folder { get; }

    /// <summary>What the template has made.</summary>
    public IReadOnlyList<string> Files { get; }

    internal IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Changes the declaration, as an editor does that never leaves half a file.</summary>
    public void Save(params (string Old, string New)[] changes)
    {
        var path = Path.Combine(Folder, "SmallTransformer.cs");
        var text = File.ReadAllText(path);
        foreach (var (old, changed) in changes)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, changed, StringComparison.Ordinal);
        }

        var beside = path + "~";
        File.WriteAllText(beside, text);
        File.Move(beside, path, overwrite: true);
    }

    internal CommandResult Run(params string[] arguments) =>
        DotnetCommand.Run(Folder, feed.Variables, ["run", "--no-build", "-c", Configuration, "--", .. arguments]);

    /// <summary>Starts <c>describe --watch</c>.</summary>
    /// <param name="temporary">The folder that it takes for temporary files.</param>
    internal WatchProcess Watch(string temporary)
    {
        var name = OperatingSystem.IsWindows() ? "my-transformer.exe" : "my-transformer";
        var start = new ProcessStartInfo(Path.Combine(Folder, "bin", Configuration, "net10.0", name), ["describe", "--watch"])
        {
            WorkingDirectory = feed.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        DotnetCommand.Clean(
            start,
            new Dictionary<string, string>(feed.Variables)
            {
                ["TMPDIR"] = temporary,
                ["TEMP"] = temporary,
                ["TMP"] = temporary,
            }
        );
        return new WatchProcess(start);
    }
}
