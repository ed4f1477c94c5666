using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>Makes a factored sublayer dense: without its own <c>[LowRank]</c>, or exempt from the class's.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(MakeDenseRefactoring)), Shared]
public sealed class MakeDenseRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await PropertyAtCursor.FindAsync(context).ConfigureAwait(false) is not { Sublayer: { IsLowRank: true } sublayer } place)
            return;
        var own = place
            .Syntax.AttributeLists.SelectMany(list => list.Attributes)
            .Where(attribute => AttributeEdits.NameOf(attribute) == "LowRank")
            .ToList();
        var changes = AttributeEdits.Remove(own);
        if (sublayer.ClassHasLowRank)
            changes.Add(AttributeEdits.Add(place.Syntax, "Dense", place.Text));
        var how = sublayer.ClassHasLowRank ? "exempt from the class's [LowRank]" : "remove [LowRank]";
        context.RegisterRefactoring(
            CodeAction.Create($"Make dense: {how}", cancellation => TextEdits.ApplyAsync(context.Document, changes, cancellation), "Dense")
        );
    }
}
