namespace LowRank.Package.Tests.Editors;

/// <summary>A host that takes analyzers and fixes from the package, over a workspace of MSBuild's: <c>dotnet format</c>.</summary>
public sealed class FormatterTests(PackedFeed feed)
{
    [Fact]
    public void Dotnet_format_applies_the_fixes_of_the_package()
    {
        var project = EditedProject.Create(feed, "InAFormatter");
        project.Dotnet("format", "analyzers", "--diagnostics", "LRK0202", "--severity", "error").AssertSuccess();
        var expected = EditedProject.Source.Replace("heads: 7", "heads: 8", StringComparison.Ordinal);
        Assert.Equal(expected, File.ReadAllText(Path.Combine(project.Folder, EditedProject.File)).TrimEnd());
    }
}
