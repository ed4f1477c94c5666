using System.Xml.Linq;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Emission;

/// <summary>What the hover shows.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void A_class_keeps_its_summary_and_gains_the_costs()
    {
        var documentation = Of("Papers.PaperXl");
        Assert.Equal(
            "The 1.3 B transformer of Wei et al. with feed-forward layers of rank 1024.",
            documentation.Element("summary")!.Value.Trim()
        );
        var remarks = documentation.Element("remarks")!.Value;
        Assert.Contains(
            "984,731,648 parameters once every guide is gone; 1,756,483,584 at the first step.",
            remarks,
            StringComparison.Ordinal
        );
        Assert.Contains("1.8822e20 (paper convention)", remarks, StringComparison.Ordinal);
        Assert.Contains("blocks 1 to 23, rank 1,024", remarks, StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_keeps_the_users_text_and_gains_shapes_and_costs()
    {
        var documentation = Of("Papers.PaperXl", "Attention");
        Assert.Equal("Who attends to whom.", documentation.Element("summary")!.Value);
        Assert.Contains("[batch, sequence, 2048] to the same shape.", documentation.Element("remarks")!.Value, StringComparison.Ordinal);
        var feedForward = Of("Papers.PaperXl", "FeedForward").Element("remarks")!.Value;
        Assert.Contains("Block 0: Up 2048 → 8192, Down 8192 → 2048.", feedForward, StringComparison.Ordinal);
        Assert.Contains("Blocks 1 to 23: Up 2048 → 1024 → 8192, Down 8192 → 1024 → 2048.", feedForward, StringComparison.Ordinal);
    }

    [Fact]
    public void References_are_carried_over_as_the_users_file_binds_them()
    {
        var run = GeneratorRun.Of(DiverseDeclarations.All["Documented"]).AssertClean();
        var property = run.Compilation.GetTypeByMetadataName("Written.Documented")!.GetMembers("Attention").Single();
        var documentation = XElement.Parse(property.GetDocumentationCommentXml()!);
        Assert.Equal("T:System.Collections.Generic.List`1", documentation.Element("summary")!.Element("see")!.Attribute("cref")!.Value);
        Assert.Equal(["The user's remarks & more."], documentation.Elements("remarks").Take(1).Select(remarks => remarks.Value));
        Assert.Contains("\"Knows List, Attention and a < b.\"", run.File("DeclaredModels"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [InlineData("\u0085")]
    [InlineData("\r")]
    public void A_line_end_of_any_kind_stays_in_the_comment(string end)
    {
        var run = GeneratorRun.Of(
            Declarations
                .Model(attention: $"/** <summary>One{end}two</summary> */ [Attention(heads: 4)]")
                .Replace("/// <summary>Attends.</summary>", "", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(run.CompilerDiagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Text_that_is_not_well_formed_is_left_to_the_compiler()
    {
        var run = GeneratorRun.Of(
            Declarations.Model().Replace("<summary>Attends.</summary>", "<summary>Attends.", StringComparison.Ordinal)
        );
        Assert.Equal("CS1570", Assert.Single(run.CompilerDiagnostics).Id);
    }

    private static XElement Of(string type, string? member = null)
    {
        ISymbol symbol = GeneratorRun.Of(Declarations.PaperXl).Compilation.GetTypeByMetadataName(type)!;
        if (member is not null)
            symbol = ((INamedTypeSymbol)symbol).GetMembers(member).Single();
        var partial = (symbol as IPropertySymbol)?.PartialImplementationPart ?? symbol;
        return XElement.Parse(partial.GetDocumentationCommentXml()!);
    }
}
