using System.Collections.Immutable;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace LowRank.CodeFixes.Fixes;

/// <summary>
/// What all fixes have in common: they look at what a diagnostic underlines, offer changes of text, and fix all there are. What a
/// <see cref="Trial"/> shows to mend nothing, or to lead into another error, is not offered.
/// </summary>
public abstract class Fix : CodeFixProvider
{
    private protected Fix(params string[] ids) => FixableDiagnosticIds = [.. ids];

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var (project, cancellation) = (context.Document.Project, context.CancellationToken);
        var trial = new Trial(project);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await PlaceAsync(project, diagnostic, cancellation).ConfigureAwait(false) is not { } place)
                continue;
            foreach (var offer in Offers(diagnostic, place))
            {
                if (!await trial.MendsAsync(offer, diagnostic.Id, cancellation).ConfigureAwait(false))
                    continue;
                context.RegisterCodeFix(
                    CodeAction.Create(offer.Title, token => TextEdits.ApplyAsync(offer.Document, offer.Changes, token), offer.Key),
                    diagnostic
                );
            }
        }
    }

    /// <summary>What is to be changed: what the diagnostic underlines, unless a fix knows of another place.</summary>
    private protected virtual Task<Place?> PlaceAsync(Project project, Diagnostic diagnostic, CancellationToken cancellation) =>
        Place.OfAsync(project, diagnostic.Location, cancellation);

    /// <summary>All that could be done.</summary>
    private protected abstract IEnumerable<Offer> Offers(Diagnostic diagnostic, Place place);
}
