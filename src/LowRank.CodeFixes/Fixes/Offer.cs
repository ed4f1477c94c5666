using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Fixes;

/// <summary>Changes to a document's text that may mend a diagnostic.</summary>
/// <param name="Title">What the user reads.</param>
/// <param name="Document">The document.</param>
/// <param name="Changes">The changes.</param>
/// <param name="Key">What two offers of the same kind share, so that all of them can be applied at once.</param>
internal sealed record Offer(string Title, Document Document, IReadOnlyList<TextChange> Changes, string Key);
