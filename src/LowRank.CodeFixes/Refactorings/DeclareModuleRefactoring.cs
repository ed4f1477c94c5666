using System.Composition;
using LowRank.CodeFixes.Editing;
using LowRank.CodeFixes.HandWritten;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace LowRank.CodeFixes.Refactorings;

/// <summary>
/// Writes the declaration of a transformer that is written by hand beside it. The module stays: what its <c>forward</c> does is not
/// understood, only what it is made of, so that the two can be compared before one of them goes.
/// </summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(DeclareModuleRefactoring)), Shared]
public sealed class DeclareModuleRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        var document = context.Document;
        var root = (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (
            root.FindToken(context.Span.Start).Parent
            is not ClassDeclarationSyntax { BaseList: not null, Parent: BaseNamespaceDeclarationSyntax or CompilationUnitSyntax } type
        )
            return;
        var model = (await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false))!;
        if (!HandWrittenModule.IsModule(model.GetDeclaredSymbol(type, context.CancellationToken)))
            return;
        if (
            HandWrittenModule.Read(type, model, context.CancellationToken) is not { } module
            || RecognizedTransformer.Of(module, model, context.CancellationToken) is not { } recognized
        )
        {
            return;
        }

        var text = await document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        var name = type.Identifier.ValueText + "Declared";
        var declaration = Write(name, type, recognized, Prefix(root), AttributeEdits.NewLine(text));
        // In front of the comments on the class, which belong to it.
        var first = type.GetLeadingTrivia()
            .FirstOrDefault(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        var position = text.Lines.GetLineFromPosition(first.IsKind(SyntaxKind.None) ? type.SpanStart : first.SpanStart).Start;
        context.RegisterRefactoring(
            CodeAction.Create(
                $"Declare '{name}' with these layers",
                cancellation => TextEdits.ApplyAsync(document, [new TextChange(new(position, 0), declaration)], cancellation),
                "Declare"
            )
        );
    }

    // TorchSharp has names of its own for layers: a new using could make the hand-written ones ambiguous.
    private static string Prefix(SyntaxNode root) =>
        root.DescendantNodes()
            .OfType<UsingDirectiveSyntax>()
            .Any(directive => directive.Name?.ToString() == "LowRank" && directive.Alias is null)
            ? ""
            : "LowRank.";

    private static string Write(string name, ClassDeclarationSyntax from, RecognizedTransformer recognized, string prefix, string newLine)
    {
        string[] lines =
        [
            $"/// <summary>Declared after <see cref=\"{from.Identifier.ValueText}\"/>: the same sizes; hold its numbers against it.</summary>",
            $"[{prefix}{recognized.Transformer}]",
            $"{(from.Modifiers.Any(SyntaxKind.PublicKeyword) ? "public" : "internal")} partial class {name}",
            "{",
            $"    [{prefix}{recognized.Attention}]",
            $"    public partial {prefix}Sublayer Attention {{ get; }}",
            "",
            $"    [{prefix}{recognized.FeedForward}]",
            $"    public partial {prefix}Sublayer FeedForward {{ get; }}",
            "}",
            "",
            "",
        ];
        // The places of enum values are marked by {0}; braces of C# are not.
        return string.Join(newLine, lines).Replace("{0}", prefix);
    }
}
