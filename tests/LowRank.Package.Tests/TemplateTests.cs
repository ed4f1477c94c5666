using LowRank.Package.Tests.Consumers;
using LowRank.Package.Tests.Watching;

namespace LowRank.Package.Tests;

public sealed class TemplateTests(PackedFeed feed, TemplateProgram template) : IClassFixture<TemplateProgram>
{
    [Fact]
    public void The_template_makes_a_program_that_builds_without_warnings_and_trains()
    {
        Assert.Equal(
            [".gitignore", "Program.cs", "README.md", "SmallTransformer.cs", "experiment.json", "my-transformer.csproj"],
            template.Files
        );
        var run = template.Run(["train", "SmallTransformer", .. SmallText.TrainingOptions(template.Folder)]).AssertSuccess();
        Assert.Contains("step 3/3", run.Output, StringComparison.Ordinal);
        var experiment = template.Run("experiment", "experiment.json", "--dry-run").AssertSuccess();
        Assert.Contains("lowrank-equal", experiment.Output, StringComparison.Ordinal);

        DotnetCommand
            .Run(feed.Folder, template.Variables, "new", "lowrank", "-o", "on-gpu", "--torch", "cuda-linux", "--no-restore")
            .AssertSuccess();
        Assert.Equal("TorchSharp-cuda-linux", NativePackage("on-gpu"));
        Assert.StartsWith("libtorch-cpu-", NativePackage("my-transformer"), StringComparison.Ordinal);
    }

    [Fact(Skip = Browser.Missing, SkipUnless = nameof(Browser.IsThere), SkipType = typeof(Browser))]
    public async Task A_page_follows_its_declaration_as_it_is_saved()
    {
        var temporary = Directory.CreateDirectory(Path.Combine(feed.Folder, "watch-temporary")).FullName;
        using (var watch = template.Watch(temporary))
        {
            await using var browser = await Browser.OpenAsync(watch.Address);
            await browser.WaitFor("The figures are those of what is saved.");
            Assert.Empty(await browser.Texts("td.changed"));
            await browser.AssertFits();

            template.Save(("hidden: 512", "hidden: 640"), ("[DenseBaseline]", "[DenseBaseline]\n[Budget(Parameters = 800_000)]"));
            await browser.WaitFor("changes.");
            // Over budget the compiler refuses it; its figures are shown all the same.
            Assert.Equal(["Over budget: Parameters 845,952, 105.7 % of the limit of 800,000."], await browser.Texts("p.over"));
            Assert.Contains("845,952was 779,392", await browser.Texts("td.changed"));
            Assert.Equal("SmallTransformer – over budget", await browser.Title());
            Assert.True(await browser.IsHighlighted("td.changed"));
            await browser.AssertFits();

            template.Save(("heads: 4", "heads: 7"));
            await browser.WaitFor("not built");
            Assert.StartsWith("SmallTransformer.cs:12", Assert.Single(await browser.Texts(".errors li")), StringComparison.Ordinal);
            Assert.Contains("845,952was 779,392", await browser.Texts(".stale td.changed"));
            await browser.AssertFits();
            Assert.Empty(browser.Complaints);
            watch.Stop();
            await browser.WaitFor("has ended");
        }

        Assert.Empty(Directory.GetDirectories(temporary, "lowrank-describe-*"));
    }

    private string NativePackage(string folder)
    {
        var items = DotnetCommand
            .Run(Path.Combine(feed.Folder, folder), feed.Variables, "msbuild", "-getItem:PackageReference")
            .AssertSuccess()
            .Lines("\"Identity\"");
        return items.Select(line => line.Split('"')[3]).Single(id => id != "LowRank.Training");
    }
}
