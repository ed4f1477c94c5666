using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Harness;

/// <summary>An <c>.editorconfig</c> that sets the severity of one rule.</summary>
internal sealed class EditorConfig(string id, ReportDiagnostic severity) : SyntaxTreeOptionsProvider
{
    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

    public override bool TryGetDiagnosticValue(
        SyntaxTree tree,
        string diagnosticId,
        CancellationToken cancellationToken,
        out ReportDiagnostic value
    )
    {
        value = severity;
        return diagnosticId == id;
    }

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic value)
    {
        value = ReportDiagnostic.Default;
        return false;
    }
}
