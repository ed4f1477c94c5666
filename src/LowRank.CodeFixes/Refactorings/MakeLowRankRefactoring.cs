using System.Composition;
using LowRank.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>Factors a dense sublayer, at the two ranks that the method was published with.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(MakeLowRankRefactoring)), Shared]
public sealed class MakeLowRankRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (
            await PropertyAtCursor.FindAsync(context).ConfigureAwait(false)
            is not { Sublayer: { IsLowRank: false, IsExempt: false } sublayer } place
        )
            return;
        foreach (var offer in RankOffer.For(sublayer))
        {
            context.RegisterRefactoring(
                CodeAction.Create(
                    offer.Title(sublayer.Kind),
                    cancellation =>
                        TextEdits.ApplyAsync(
                            context.Document,
                            [AttributeEdits.Add(place.Syntax, $"LowRank(rank: {offer.Rank})", place.Text)],
                            cancellation
                        ),
                    $"LowRank{offer.Rank}"
                )
            );
        }
    }
}
