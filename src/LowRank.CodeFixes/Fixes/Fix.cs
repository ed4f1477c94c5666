using System.Collections.Immutable;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// What all fixes have in common: they look at what a diagnostic underlines, offer changes of text, and fix all there are.
/// </summary>
public abstract class Fix : CodeFixProvider
{
    private protected Fix(params string[] ids) => FixableDiagnosticIds = [.. ids];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        var text = await context.Document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (
                var offer in await OffersAsync(context, diagnostic, root.FindNode(diagnostic.Location.SourceSpan), text)
                    .ConfigureAwait(false)
            )
                context.RegisterCodeFix(offer, diagnostic);
        }
    }

    private protected abstract Task<IEnumerable<CodeAction>> OffersAsync(
        CodeFixContext context,
        Diagnostic diagnostic,
        SyntaxNode node,
        SourceText text
    );

    /// <summary>Offers some changes to a document's text.</summary>
    /// <param name="title">What the user reads.</param>
    /// <param name="document">The document.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="key">What two offers of the same kind share, so that all of them can be applied at once.</param>
    private protected static CodeAction Offer(string title, Document document, IEnumerable<TextChange> changes, string key)
    {
        var fixedChanges = changes.ToList();
        return CodeAction.Create(title, cancellation => TextEdits.ApplyAsync(document, fixedChanges, cancellation), key);
    }
}
