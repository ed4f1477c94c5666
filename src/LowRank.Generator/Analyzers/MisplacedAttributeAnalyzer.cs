using System.Collections.Immutable;
using LowRank.Generator.Diagnostics;
using LowRank.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Analyzers;

/// <summary>
/// Finds attributes of the language on classes that declare no model, and on their properties. The generator never sees these classes.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MisplacedAttributeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [ClassRules.MisplacedAttribute];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType, SymbolKind.Property);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        if ((context.Symbol as INamedTypeSymbol ?? context.Symbol.ContainingType) is not { } type)
            return;
        var attributes = context
            .Symbol.GetAttributes()
            .Select(attribute => (Attribute: attribute, Name: LowRankNames.AttributeName(attribute)))
            .Where(pair => pair.Name is not null)
            .ToList();
        if (attributes.Count == 0)
            return;
        var declared = type.GetAttributes().Select(LowRankNames.AttributeName).ToList();
        foreach (var (attribute, name) in attributes)
        {
            if (AttributeHomes.Of(name!) is not { Length: > 0 } homes || homes.Any(declared.Contains))
                continue;
            var location = attribute.ApplicationSyntaxReference is { } reference
                ? Location.Create(reference.SyntaxTree, reference.Span)
                : context.Symbol.Locations[0];
            context.ReportDiagnostic(
                Diagnostic.Create(ClassRules.MisplacedAttribute, location, name, context.Symbol.Name, type.Name, $"[{homes[0]}]")
            );
        }
    }
}
