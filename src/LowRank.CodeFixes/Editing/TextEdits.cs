using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Editing;

/// <summary>Applies changes to a document's text: what they do not name stays as the user wrote it.</summary>
internal static class TextEdits
{
    public static async Task<Solution> ApplyAsync(Document document, IEnumerable<TextChange> changes, CancellationToken cancellation)
    {
        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.Project.Solution.WithDocumentText(document.Id, text.WithChanges(changes.OrderBy(change => change.Span.Start)));
    }
}
