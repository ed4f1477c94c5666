using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Harness;

/// <summary>An <c>.editorconfig</c> that sets the severity of a category.</summary>
internal sealed class CategoryConfig(string category, string severity) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new One("", "");

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) =>
        new One($"dotnet_analyzer_diagnostic.category-{category}.severity", severity);

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

    private sealed class One(string name, string text) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            // Keys are compared as .editorconfig does.
            value = string.Equals(key, name, StringComparison.OrdinalIgnoreCase) ? text : null;
            return value is not null;
        }
    }
}
