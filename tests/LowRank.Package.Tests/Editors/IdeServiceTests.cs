using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Package.Tests.Editors;

/// <summary>What an editor built on Roslyn's IDE services takes from the package.</summary>
public sealed class IdeServiceTests(PackedFeed feed)
{
    [Fact]
    public async Task Rules_fixes_and_refactorings_come_from_the_package()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var edited = EditedProject.Create(feed, "InAnIde");
        edited.Dotnet("restore").AssertSuccess();
        using var services = new IdeServices();
        var project = await services.OpenAsync(Path.Combine(edited.Folder, "InAnIde.csproj"), cancellation);
        var document = project.Documents.Single(document => document.Name == EditedProject.File);
        var source = (await document.GetTextAsync(cancellation)).ToString();

        // The generator runs, so that the costs are there; nothing else is missing either.
        var compilation = await project.GetCompilationAsync(cancellation);
        Assert.DoesNotContain(compilation!.GetDiagnostics(cancellation), found => found.Severity == DiagnosticSeverity.Error);

        var heads = Named(await services.FixesAsync(document, At("heads: 7"), cancellation), "Change heads to 8");
        Assert.Equal(Changed("heads: 7", "heads: 8"), await IdeServices.ApplyAsync(heads, document, cancellation));

        var ranks = await services.FixesAsync(document, At("rank: 20"), cancellation);
        var down = Named(ranks, "Change rank to 16");
        Assert.Equal(Changed("rank: 20", "rank: 16"), await IdeServices.ApplyAsync(down, document, cancellation));
        Named(ranks, "Change rank to 24");

        var refactorings = await services.RefactoringsAsync(document, At("FeedForward { get"), cancellation);
        var dense = Named(refactorings, "Make dense: remove [LowRank]");
        Named(refactorings, "Add the dense baseline");
        Assert.DoesNotContain("[LowRank(", await IdeServices.ApplyAsync(dense, document, cancellation), StringComparison.Ordinal);

        TextSpan At(string text) => new(source.IndexOf(text, StringComparison.Ordinal), 0);

        string Changed(string text, string into) => source.Replace(text, into, StringComparison.Ordinal);
    }

    private static CodeAction Named(IReadOnlyList<CodeAction> actions, string title) =>
        actions.FirstOrDefault(action => action.Title == title)
        ?? throw new Xunit.Sdk.XunitException($"No '{title}' among {string.Join(", ", actions.Select(action => $"'{action.Title}'"))}.");
}
