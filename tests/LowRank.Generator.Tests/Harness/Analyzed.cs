using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Harness;

/// <summary>
/// Runs an analyzer over files as an editor does: one by one, with what they need of the others. What it throws comes out.
/// </summary>
internal static class Analyzed
{
    public static ImmutableArray<Diagnostic> Of(
        Compilation compilation,
        IEnumerable<SyntaxTree> files,
        DiagnosticAnalyzer analyzer,
        AnalyzerOptions? options = null
    )
    {
        var thrown = new List<Exception>();
        var analyzed = compilation.WithAnalyzers(
            [analyzer],
            new CompilationWithAnalyzersOptions(
                options ?? new AnalyzerOptions([]),
                (exception, _, _) => thrown.Add(exception),
                concurrentAnalysis: false,
                logAnalyzerExecutionTime: false
            )
        );
        var found = files
            .SelectMany(file =>
                analyzed
                    .GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(file), null, CancellationToken.None)
                    .GetAwaiter()
                    .GetResult()
            )
            .ToImmutableArray();
        return thrown.Count == 0 ? found : throw new AggregateException(thrown);
    }
}
