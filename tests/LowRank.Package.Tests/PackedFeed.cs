using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(LowRank.Package.Tests.PackedFeed))]

namespace LowRank.Package.Tests;

/// <summary>
/// The repository's packages, packed once per test run from what was built, in a folder of their own that serves as a package source.
/// Their version exists in no other run, and they are unpacked into this folder: no cache can stand in for them. All other packages
/// are taken from where the repository's build has them.
/// </summary>
public sealed partial class PackedFeed : IDisposable
{
    public PackedFeed()
    {
        Folder = Directory.CreateTempSubdirectory("lowrank-packages-").FullName;
        Version = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}");
        Packing = DotnetCommand.Run(
            Path.GetDirectoryName(ThisBuild.Solution)!,
            new Dictionary<string, string>(),
            "pack",
            ThisBuild.Solution,
            "--no-build",
            "-m:1",
            "-c",
            ThisBuild.Configuration,
            "-o",
            Source,
            $"-p:PackageVersion={Version}",
            $"-p:NuspecOutputPath={Path.Combine(Folder, "nuspec")}"
        );
        Packing.AssertSuccess();
        WriteConfiguration();
        // Keeps what lies above this folder out of the projects, and half a gigabyte of libtorch from being copied into each.
        File.WriteAllText(
            Path.Combine(Folder, "Directory.Build.props"),
            "<Project><PropertyGroup><CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible></PropertyGroup></Project>"
        );
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.targets"), "<Project />");
        File.WriteAllText(Path.Combine(Folder, "Directory.Packages.props"), "<Project />");
    }

    /// <summary>The version of the packages.</summary>
    public string Version { get; }

    /// <summary>The folder under which fresh projects find the packages.</summary>
    internal string Folder { get; }

    /// <summary>What packing said.</summary>
    internal CommandResult Packing { get; }

    /// <summary>The packages' files.</summary>
    internal string[] Packages => Directory.GetFiles(Source);

    internal IReadOnlyDictionary<string, string> Variables =>
        new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(Folder, "unpacked") };

    private string Source => Path.Combine(Folder, "source");

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The compiler's server may still hold the generator on Windows; the system clears its temporary folder.
        }
    }

    internal string PackageFile(string id) => Path.Combine(Source, $"{id}.{Version}.nupkg");

    internal ZipArchive Open(string id) => ZipFile.OpenRead(PackageFile(id));

    [GeneratedRegex(@"^\s*\d+\.\s+(?<name>.+?)\s+\[Enabled\]\n\s*(?<place>\S.*?)\s*$", RegexOptions.Multiline)]
    private static partial Regex EnabledSource();

    private void WriteConfiguration()
    {
        var listed = DotnetCommand
            .Run(Path.GetDirectoryName(ThisBuild.Solution)!, new Dictionary<string, string>(), "nuget", "list", "source")
            .AssertSuccess();
        var machine = EnabledSource()
            .Matches(listed.Output)
            .Select(match => (Name: match.Groups["name"].Value, Place: match.Groups["place"].Value))
            .ToList();
        new XElement(
            "configuration",
            new XElement("packageSources", Added("packed", Source), machine.Select(source => Added(source.Name, source.Place))),
            // Nobody else is asked for the repository's packages.
            new XElement(
                "packageSourceMapping",
                new XElement("packageSource", new XAttribute("key", "packed"), Pattern("LowRank"), Pattern("LowRank.*")),
                machine.Select(source => new XElement("packageSource", new XAttribute("key", source.Name), Pattern("*")))
            ),
            new XElement("fallbackPackageFolders", Added("built", ThisBuild.PackageFolder))
        ).Save(Path.Combine(Folder, "nuget.config"));

        static XElement Added(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
        static XElement Pattern(string pattern) => new("package", new XAttribute("pattern", pattern));
    }
}
