using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LowRank.Generator.Tests.Fuzzing;

/// <summary>The errors of C# in what the user wrote, save for the parts that the generator is there to supply.</summary>
internal static class OwnErrors
{
    private const string MissingImplementation = "CS9248";

    public static IEnumerable<Diagnostic> Of(SyntaxTree tree, CSharpCompilation compilation) =>
        compilation
            .GetSemanticModel(tree)
            .GetDiagnostics()
            .Where(diagnostic =>
                diagnostic.Severity == DiagnosticSeverity.Error
                && !(diagnostic.Id == MissingImplementation && IsForGenerator(diagnostic, compilation))
            );

    private static bool IsForGenerator(Diagnostic error, CSharpCompilation compilation)
    {
        var tree = error.Location.SourceTree!;
        if (
            tree.GetRoot().FindNode(error.Location.SourceSpan).FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { } syntax
            || compilation.GetSemanticModel(tree).GetDeclaredSymbol(syntax) is not { } property
        )
        {
            return false;
        }

        var onClass = property.ContainingType.GetAttributes().Select(LowRankNames.AttributeName).ToList();
        var isDeclared = property.GetAttributes().Any(attribute => LowRankNames.AttributeName(attribute) is not null);
        return (onClass.Contains("Transformer") && (isDeclared || LowRankNames.IsSublayer(property.Type)))
            || (onClass.Contains("Module") && isDeclared);
    }
}
