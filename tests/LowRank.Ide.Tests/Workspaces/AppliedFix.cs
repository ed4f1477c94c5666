using System.Collections.Immutable;
using LowRank.CodeFixes.Fixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace LowRank.Ide.Tests.Workspaces;

/// <summary>Applies the fixes of the assembly that ships, found as an editor finds them: by the ids that they name.</summary>
internal static class AppliedFix
{
    private static readonly ImmutableArray<CodeFixProvider> Providers =
    [
        .. typeof(Fix)
            .Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(ExportCodeFixProviderAttribute), inherit: false))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    /// <summary>All that is offered for the first diagnostic of a rule.</summary>
    public static async Task<IReadOnlyList<(CodeAction Action, CodeFixProvider Provider)>> OffersAsync(Document document, string id)
    {
        var diagnostic = (await UserProject.DiagnosticsAsync(document.Project)).First(candidate => candidate.Id == id);
        var offers = new List<(CodeAction, CodeFixProvider)>();
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
        {
            await provider.RegisterCodeFixesAsync(
                new CodeFixContext(
                    document.Project.GetDocument(diagnostic.Location.SourceTree)!,
                    diagnostic,
                    (action, _) => offers.Add((action, provider)),
                    CancellationToken.None
                )
            );
        }

        return offers;
    }

    /// <summary>
    /// Applies the one offer of this title, asserts that the rule has nothing more to say and that the compiler has no error, and returns
    /// the text.
    /// </summary>
    public static async Task<string> AssertAsync(string id, string title, params string[] sources)
    {
        var document = UserProject.Of(sources);
        var offers = await OffersAsync(document, id);
        Assert.Contains(title, offers.Select(offer => offer.Action.Title));
        return await AssertFixedAsync(document, await ApplyAsync(offers.Single(offer => offer.Action.Title == title).Action), id);
    }

    /// <summary>The same, all occurrences of the project at once.</summary>
    public static async Task<string> AssertAllAsync(string id, string title, params string[] sources)
    {
        var document = UserProject.Of(sources);
        var (action, provider) = (await OffersAsync(document, id)).Single(offer => offer.Action.Title == title);
        var context = new FixAllContext(
            document,
            provider,
            FixAllScope.Project,
            action.EquivalenceKey!,
            [id],
            new Found(),
            CancellationToken.None
        );
        var all = await provider.GetFixAllProvider()!.GetFixAsync(context);
        return await AssertFixedAsync(document, await ApplyAsync(all!), id);
    }

    private static async Task<string> AssertFixedAsync(Document document, Solution changed, string id)
    {
        var diagnostics = await UserProject.DiagnosticsAsync(changed.GetProject(document.Project.Id)!);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == id);
        var text = (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString();
        Assert.True(
            diagnostics.All(diagnostic => diagnostic.Severity < DiagnosticSeverity.Error),
            string.Join("\n", diagnostics) + "\n" + text
        );
        return text;
    }

    private static async Task<Solution> ApplyAsync(CodeAction action) =>
        Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(CancellationToken.None))).ChangedSolution;

    private sealed class Found : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await UserProject.DiagnosticsAsync(project);

        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document,
            CancellationToken cancellationToken
        ) =>
            (await UserProject.DiagnosticsAsync(document.Project)).Where(diagnostic =>
                document.Project.GetDocument(diagnostic.Location.SourceTree)?.Id == document.Id
            );

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
