using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Benchmarks;

/// <summary>Is asked about every type and says nothing: what the compiler takes for any analyzer.</summary>
#pragma warning disable RS1001 // No analyzer of the project: it is only handed to the compiler here.
internal sealed class IdleAnalyzer : DiagnosticAnalyzer
#pragma warning restore RS1001
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [new("IDLE", "Idle", "Idle", "Idle", DiagnosticSeverity.Info, isEnabledByDefault: true)];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(static _ => { }, SymbolKind.NamedType);
    }
}
