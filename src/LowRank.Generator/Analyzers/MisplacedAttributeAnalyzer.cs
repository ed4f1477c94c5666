using System.Collections.Immutable;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Analyzers;

/// <summary>
/// Finds attributes of the language on classes that declare no model, and on their properties, which the generator never sees; and options
/// that an attribute doesn't have, wherever it stands.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MisplacedAttributeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [ClassRules.MisplacedAttribute, ClassRules.UnknownOption];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType, SymbolKind.Property);
        context.RegisterSemanticModelAction(AnalyzeAssembly);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        foreach (var diagnostic in FoundDiagnostics.OfAttributes(context.Symbol))
            context.ReportDiagnostic(diagnostic);
    }

    private static void AnalyzeAssembly(SemanticModelAnalysisContext context)
    {
        var tree = context.SemanticModel.SyntaxTree;
        if (tree.GetRoot(context.CancellationToken) is not CompilationUnitSyntax { AttributeLists.Count: > 0 })
            return;
        var found = UnknownOptions.On(context.SemanticModel.Compilation.Assembly);
        foreach (var diagnostic in found.Where(diagnostic => diagnostic.Location.SourceTree == tree))
            context.ReportDiagnostic(diagnostic);
    }
}
