using System.Collections.Immutable;
using LowRank.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Analyzers;

/// <summary>
/// Says what is wrong with a declaration, and what is worth knowing about it. The generator checks by the same rules and is silent: not
/// every editor shows what generators report, nor does <c>.editorconfig</c> reach it by category, and the compiler looks for suppressions
/// of all of it on every keystroke. Generated code is seen and not read: findings are about the declaration alone.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = DeclarationRules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(AnalyzeClass, SymbolKind.NamedType);
        context.RegisterSemanticModelAction(AnalyzeAssembly);
    }

    private static void AnalyzeClass(SymbolAnalysisContext context) =>
        Report(FoundDiagnostics.OfClass((INamedTypeSymbol)context.Symbol, context.CancellationToken), context.ReportDiagnostic);

    // An attribute of the assembly concerns all transformers, and is spoken of once, where it stands.
    private static void AnalyzeAssembly(SemanticModelAnalysisContext context)
    {
        var (model, cancellation) = (context.SemanticModel, context.CancellationToken);
        if (model.SyntaxTree.GetRoot(cancellation) is not CompilationUnitSyntax { AttributeLists.Count: > 0 })
            return;
        Report(
            FoundDiagnostics
                .OfAssembly(model.Compilation.Assembly, cancellation)
                .Where(diagnostic => diagnostic.Location.SourceTree == model.SyntaxTree),
            context.ReportDiagnostic
        );
    }

    private static void Report(IEnumerable<Diagnostic> diagnostics, Action<Diagnostic> report)
    {
        foreach (var diagnostic in diagnostics)
            report(diagnostic);
    }
}
