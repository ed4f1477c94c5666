using LowRank.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.Ide.Tests.Workspaces;

/// <summary>Applies the refactorings of the assembly that ships, at the place of a text.</summary>
internal static class Refactored
{
    public static async Task<IReadOnlyList<CodeAction>> OffersAsync(Document document, string at)
    {
        var text = (await document.GetTextAsync()).ToString();
        var offers = new List<CodeAction>();
        foreach (
            var type in typeof(Fix)
                .Assembly.GetTypes()
                .Where(type => type.IsDefined(typeof(ExportCodeRefactoringProviderAttribute), inherit: false))
        )
        {
            var provider = (CodeRefactoringProvider)Activator.CreateInstance(type)!;
            await provider.ComputeRefactoringsAsync(
                new(document, new TextSpan(text.IndexOf(at, StringComparison.Ordinal), 0), offers.Add, CancellationToken.None)
            );
        }

        return offers;
    }

    public static async Task<IEnumerable<string>> TitlesAsync(string source, string at) =>
        (await OffersAsync(UserProject.Of(source), at)).Select(offer => offer.Title);

    /// <summary>Applies the offer of this title, asserts that nothing is wrong then, and returns the text.</summary>
    public static async Task<string> AssertAsync(string title, string source, string at)
    {
        var document = UserProject.Of(source);
        var offer = Assert.Single(await OffersAsync(document, at), offer => offer.Title == title);
        var changed = Assert
            .IsType<ApplyChangesOperation>(Assert.Single(await offer.GetOperationsAsync(CancellationToken.None)))
            .ChangedSolution;
        var text = (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString();
        var wrong = (await UserProject.DiagnosticsAsync(changed.GetProject(document.Project.Id)!)).Where(diagnostic =>
            diagnostic.Severity >= DiagnosticSeverity.Warning
        );
        Assert.True(!wrong.Any(), string.Join("\n", wrong) + "\n" + text);
        return text;
    }
}
