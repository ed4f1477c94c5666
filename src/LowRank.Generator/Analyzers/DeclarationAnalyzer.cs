using System.Collections.Immutable;
using LowRank.Generator.Checks.Modules;
using LowRank.Generator.Checks.Transformers;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Parsing;
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

    private static void AnalyzeClass(SymbolAnalysisContext context)
    {
        var symbol = (INamedTypeSymbol)context.Symbol;
        if (Declaring(symbol, "Module", context.CancellationToken) is { } module)
        {
            if (ModuleParser.Parse(symbol, module, context.CancellationToken) is { } parsed)
                Report(LocatedFindings.Of(ModuleChecks.Rules.FindingsOf(parsed.Declaration), parsed.Sources), context.ReportDiagnostic);
        }

        if (TransformerOf(symbol, context.CancellationToken) is { } transformer)
        {
            var findings = TransformerChecks.Rules.FindingsOf(transformer.Declaration);
            var notes = TransformerChecks.NotesOf(transformer.Declaration);
            Report(LocatedFindings.Of(findings.Concat(notes), transformer.Sources), context.ReportDiagnostic);
        }
    }

    // An attribute of the assembly concerns all transformers, and is spoken of once, where it stands.
    private static void AnalyzeAssembly(SemanticModelAnalysisContext context)
    {
        var (model, cancellation) = (context.SemanticModel, context.CancellationToken);
        if (
            model.SyntaxTree.GetRoot(cancellation) is not CompilationUnitSyntax { AttributeLists.Count: > 0 }
            || !AttributeParser.HasLowRanks(model.Compilation.Assembly)
        )
        {
            return;
        }

        var all = DeclaredTypes
            .In(model.Compilation.Assembly.GlobalNamespace)
            .Select(symbol => TransformerOf(symbol, cancellation))
            .Where(transformer => transformer is not null)
            .ToImmutableArray();
        Report(
            LocatedFindings.OfAssembly(all!).Where(diagnostic => diagnostic.Location.SourceTree == model.SyntaxTree),
            context.ReportDiagnostic
        );
    }

    private static Parsed<Model.TransformerDeclaration>? TransformerOf(INamedTypeSymbol symbol, CancellationToken cancellation) =>
        Declaring(symbol, "Transformer", cancellation) is { } syntax ? TransformerParser.Parse(symbol, syntax, cancellation) : null;

    private static TypeDeclarationSyntax? Declaring(INamedTypeSymbol symbol, string attribute, CancellationToken cancellation) =>
        symbol
            .GetAttributes()
            .FirstOrDefault(candidate => LowRankNames.AttributeName(candidate) == attribute)
            ?.ApplicationSyntaxReference?.GetSyntax(cancellation)
            .FirstAncestorOrSelf<TypeDeclarationSyntax>();

    private static void Report(IEnumerable<Diagnostic> diagnostics, Action<Diagnostic> report)
    {
        foreach (var diagnostic in diagnostics)
            report(diagnostic);
    }
}
