using System.IO.Compression;
using System.Xml.Linq;

namespace LowRank.Package.Tests;

public sealed class PackageContentTests(PackedFeed feed)
{
    [Fact]
    public void Packing_the_solution_makes_these_packages_and_no_warning()
    {
        Assert.Equal(
            new[] { "LowRank", "LowRank.Templates", "LowRank.Training" }.Select(feed.PackageFile),
            feed.Packages.Order(StringComparer.Ordinal)
        );
        Assert.Empty(feed.Packing.Lines("warning"));
    }

    [Theory]
    [InlineData(
        "LowRank",
        "NOTICE.txt",
        "README.md",
        "analyzers/dotnet/cs/LowRank.CodeFixes.dll",
        "analyzers/dotnet/cs/LowRank.Generator.dll",
        "buildTransitive/LowRank.targets",
        "buildTransitive/TorchLibraryInitializer.cs",
        "lib/net10.0/LowRank.Runtime.dll",
        "lib/net10.0/LowRank.Runtime.xml"
    )]
    [InlineData("LowRank.Training", "NOTICE.txt", "README.md", "lib/net10.0/LowRank.Training.dll", "lib/net10.0/LowRank.Training.xml")]
    [InlineData(
        "LowRank.Templates",
        "README.md",
        "content/lowrank/.gitignore",
        "content/lowrank/.template.config/dotnetcli.host.json",
        "content/lowrank/.template.config/template.json",
        "content/lowrank/Program.cs",
        "content/lowrank/README.md",
        "content/lowrank/SmallTransformer.cs",
        "content/lowrank/TransformerApp.csproj",
        "content/lowrank/experiment.json"
    )]
    public void A_package_holds_exactly(string id, params string[] files)
    {
        using var package = feed.Open(id);
        var own = package
            .Entries.Select(entry => entry.FullName)
            .Where(name =>
                !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal)
                && name != "[Content_Types].xml"
                && name != $"{id}.nuspec"
            );
        Assert.Equal(files, own.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("LowRank")]
    [InlineData("LowRank.Training")]
    [InlineData("LowRank.Templates")]
    public void A_package_says_its_license_and_where_it_comes_from(string id)
    {
        using var package = feed.Open(id);
        using var stream = package.GetEntry($"{id}.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single(element => element.Name.LocalName == "metadata").Elements().ToList();
        XElement Field(string name) => metadata.Single(element => element.Name.LocalName == name);

        Assert.Equal("MIT", Field("license").Value);
        Assert.StartsWith("https://", Field("projectUrl").Value, StringComparison.Ordinal);
        Assert.Equal("git", Field("repository").Attribute("type")!.Value);
        Assert.StartsWith("https://", Field("repository").Attribute("url")!.Value, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(Field("description").Value));
    }

    [Fact]
    public void A_native_library_is_no_dependency_of_a_library()
    {
        Assert.Equal(["SkiaSharp", "System.IO.Hashing", "TorchSharp"], Dependencies("LowRank").Keys);
        Assert.Equal(
            [
                "LowRank",
                "Parquet.Net",
                "ScottPlot",
                "SkiaSharp",
                "SmartReader",
                "Spectre.Console",
                "System.CommandLine",
                "System.IO.Hashing",
                "ZstdSharp.Port",
            ],
            Dependencies("LowRank.Training").Keys
        );
        Assert.Empty(Dependencies("LowRank.Templates"));
    }

    [Fact]
    public void Training_brings_the_LowRank_of_the_same_version_with_its_generator()
    {
        var dependency = Dependencies("LowRank.Training")["LowRank"];
        Assert.Equal(feed.Version, (string?)dependency.Attribute("version"));
        Assert.Equal("All", (string?)dependency.Attribute("include"));
    }

    [Theory]
    [InlineData("LowRank.Training", "Copyright 2020 The Inter Project Authors", "SIL OPEN FONT LICENSE")]
    [InlineData("LowRank", "Copyright (c) 2026 Sergio Pedri", "Permission is hereby granted, free of charge")]
    public void The_notice_names_the_work_of_others_and_its_license(string id, string owner, string license)
    {
        var notice = Read(id, "NOTICE.txt");
        Assert.Contains(owner, notice, StringComparison.Ordinal);
        Assert.Contains(license, notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_line_to_copy_names_the_versions_that_were_built_with()
    {
        var line =
            $"""<PackageReference Include="libtorch-cpu-$(NETCoreSdkPortableRuntimeIdentifier)" Version="{ThisBuild.LibtorchVersion}" """;
        Assert.Contains(line, Read("LowRank", "README.md"), StringComparison.Ordinal);
        Assert.Contains(
            $"`TorchSharp-cuda-windows` {ThisBuild.TorchSharpVersion} ",
            Read("LowRank", "README.md"),
            StringComparison.Ordinal
        );
        Assert.Contains(line, Read("LowRank.Training", "README.md"), StringComparison.Ordinal);
        var template = Read("LowRank.Templates", "content/lowrank/TransformerApp.csproj");
        Assert.Contains(line, template, StringComparison.Ordinal);
        Assert.Contains(
            $"""<PackageReference Include="TorchSharp-$(Torch)" Version="{ThisBuild.TorchSharpVersion}" """,
            template,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"""<PackageReference Include="LowRank.Training" Version="{feed.Version}" />""",
            template,
            StringComparison.Ordinal
        );
    }

    private SortedDictionary<string, XElement> Dependencies(string id) =>
        new(
            XDocument
                .Parse(Read(id, $"{id}.nuspec"))
                .Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .ToDictionary(element => (string)element.Attribute("id")!, StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    private string Read(string id, string file)
    {
        using var package = feed.Open(id);
        using var reader = new StreamReader(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }
}
