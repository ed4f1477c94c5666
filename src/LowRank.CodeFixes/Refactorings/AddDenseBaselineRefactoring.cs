using System.Composition;
using LowRank.CodeFixes.Editing;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>Adds the dense baseline to a model that has something to compare with it.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(AddDenseBaselineRefactoring)), Shared]
public sealed class AddDenseBaselineRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        var document = context.Document;
        var root = (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (root.FindNode(context.Span).FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } type)
            return;
        var model = (await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (model.GetDeclaredSymbol(type, context.CancellationToken) is not { } symbol)
            return;
        var attributes = LanguageAttributes.AttributesOf(symbol);
        var isLowRank =
            attributes.ContainsKey("LowRank")
            || symbol
                .GetMembers()
                .OfType<IPropertySymbol>()
                .Any(property => LanguageAttributes.AttributesOf(property).ContainsKey("LowRank"));
        if (!attributes.ContainsKey("Transformer") || attributes.ContainsKey("DenseBaseline") || !isLowRank)
            return;
        var text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        context.RegisterRefactoring(
            CodeAction.Create(
                "Add the dense baseline",
                cancellation => TextEdits.ApplyAsync(document, [AttributeEdits.Add(type, "DenseBaseline", text)], cancellation),
                "DenseBaseline"
            )
        );
    }
}
