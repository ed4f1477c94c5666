using LowRank.Package.Tests.Consumers;

namespace LowRank.Package.Tests;

/// <summary>What README and docs show is what a user types first: it compiles over the packages.</summary>
public sealed class DocumentationTests(PackedFeed feed)
{
    [Fact]
    public void Every_sample_of_readmes_and_docs_compiles()
    {
        var root = Path.GetDirectoryName(ThisBuild.Solution)!;
        // Pages of diagnostics show what the compiler refuses; the generator's tests hold them.
        string[] pages =
        [
            "README.md",
            .. Directory
                .GetFiles(Path.Combine(root, "docs"), "*.md")
                .Select(path => "docs/" + Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
            "src/LowRank.Runtime/Package/README.md",
            "src/LowRank.Training/Package/README.md",
        ];
        DocumentationSample[] samples = [.. pages.SelectMany(page => DocumentationSample.Of(root, page))];
        Assert.True(samples.Length > 10, $"Only {samples.Length} samples were found.");

        var project = new ConsumerProject(
            feed,
            "Samples",
            "Library",
            ConsumerProject.Reference("LowRank.Training", feed),
            [.. samples.Select(sample => (sample.FileName, sample.ToSource()))]
        );
        // Notes about ranks that don't pay are for models that are trained.
        project.Build("-p:NoWarn=CS8019").AssertSuccess();
    }
}
