using System.Globalization;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Harness;

/// <summary>A finding as a test expects it: its id, its text, and the source text that it underlines.</summary>
internal sealed record Reported(string Id, string Message, string At)
{
    /// <summary>
    /// Asserts that exactly these are reported, in any order, that the compiler adds no error of its own, and that every fix which is
    /// offered mends what it is offered for.
    /// </summary>
    public static GeneratorRun Assert(string source, params Reported[] expected)
    {
        var run = AssertFindings(source, expected);
        Xunit.Assert.DoesNotContain(run.CompilerDiagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return run;
    }

    /// <summary>The same where the declaration is wrong in the compiler's eyes, too.</summary>
    public static GeneratorRun AssertFindings(string source, params Reported[] expected)
    {
        var run = GeneratorRun.Of(source);
        Xunit.Assert.Equal(expected.OrderBy(finding => finding.ToString()), run.Findings.Select(Of).OrderBy(finding => finding.ToString()));
        OfferedFixes.AssertMend(source);
        return run;
    }

    public static Reported Of(Diagnostic diagnostic) =>
        new(
            diagnostic.Id,
            diagnostic.GetMessage(CultureInfo.InvariantCulture),
            diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan)
        );
}
