using System.Collections.Concurrent;
using System.Collections.Immutable;
using LowRank.Generator.Checks;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Analyzers;

/// <summary>
/// Says what the ranks of a model buy. It sees generated code, and reads nothing of it: a note is about the declaration alone.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RankNoteAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [RankNotes.Price, RankNotes.OffTileGrid];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            // Several models may have the same to say about one attribute of the assembly.
            var said = new ConcurrentDictionary<Finding, bool>();
            start.RegisterSymbolAction(symbol => Analyze(symbol, said), SymbolKind.NamedType);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, ConcurrentDictionary<Finding, bool> said)
    {
        var symbol = (INamedTypeSymbol)context.Symbol;
        var declaring = symbol.GetAttributes().FirstOrDefault(attribute => LowRankNames.AttributeName(attribute) == "Transformer");
        if (
            declaring?.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).FirstAncestorOrSelf<TypeDeclarationSyntax>()
                is not { } syntax
            || TransformerParser.Parse(symbol, syntax, context.CancellationToken) is not { } parsed
        )
        {
            return;
        }

        foreach (var (finding, diagnostic) in LocatedFindings.NotesOf(parsed))
        {
            if (!finding.Target.IsAssembly || said.TryAdd(finding, true))
                context.ReportDiagnostic(diagnostic);
        }
    }
}
