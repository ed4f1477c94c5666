using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Where a diagnostic stands.</summary>
/// <param name="Document">The document.</param>
/// <param name="Node">What it underlines.</param>
/// <param name="Text">The document's text.</param>
/// <param name="Model">What the document's names mean.</param>
internal sealed record Place(Document Document, SyntaxNode Node, SourceText Text, SemanticModel Model)
{
    public static async Task<Place?> OfAsync(Project project, Location location, CancellationToken cancellation)
    {
        if (project.GetDocument(location.SourceTree) is not { } document)
            return null;
        var root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        return new(document, root.FindNode(location.SourceSpan), text, model);
    }
}
