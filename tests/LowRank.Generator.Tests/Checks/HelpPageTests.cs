using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LowRank.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace LowRank.Generator.Tests.Checks;

public sealed class HelpPageTests
{
    public static IEnumerable<TheoryDataRow<string>> Ids => Descriptors.Select(descriptor => new TheoryDataRow<string>(descriptor.Id));

    private static IEnumerable<DiagnosticDescriptor> Descriptors =>
        typeof(ClassRules)
            .Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ClassRules).Namespace)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
            .Select(constant => constant.GetValue(null))
            .OfType<DiagnosticDescriptor>();

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_page_that_says_what_why_and_how(string id)
    {
        var descriptor = Descriptors.Single(candidate => candidate.Id == id);
        var page = File.ReadAllText(Path.Combine(Folder(), id + ".md"));
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        Assert.All(["## Why", "## Example", "## Fix"], heading => Assert.Contains("\n" + heading + "\n", page, StringComparison.Ordinal));
        Assert.EndsWith($"/docs/diagnostics/{id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_is_in_the_index(string id)
    {
        var descriptor = Descriptors.Single(candidate => candidate.Id == id);
        var severity = descriptor.DefaultSeverity switch
        {
            _ when !descriptor.IsEnabledByDefault => "off",
            DiagnosticSeverity.Error => "error",
            DiagnosticSeverity.Warning => "warning",
            _ => "information",
        };
        Assert.Contains(
            $"| [{id}]({id}.md) | {severity} | {descriptor.Title} |",
            File.ReadAllText(Path.Combine(Folder(), "README.md")),
            StringComparison.Ordinal
        );
    }

    /// <summary>A test that says what a rule reports says its id, its text and what it underlines: no rule is without one.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_test_of_its_text_and_place(string id)
    {
        var asserted = new Regex($"new(?: Reported)?\\(\\s*\"{id}\",\\s*\\$?\"");
        Assert.Contains(Directory.GetFiles(Here(), "*.cs"), file => asserted.IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void Ids_are_unique() => Assert.Equal(Descriptors.Count(), Descriptors.Select(descriptor => descriptor.Id).Distinct().Count());

    [Fact]
    public void No_page_is_left_over() =>
        Assert.Empty(
            Directory
                .GetFiles(Folder(), "LRK*.md")
                .Select(Path.GetFileNameWithoutExtension)
                .Except(Descriptors.Select(descriptor => descriptor.Id))
                .Except(BuildCodes().Select(code => code.Id))
        );

    [Fact]
    public void What_the_package_checks_while_building_has_pages_too()
    {
        Assert.NotEmpty(BuildCodes());
        Assert.All(
            BuildCodes(),
            code =>
            {
                var page = File.ReadAllText(Path.Combine(Folder(), code.Id + ".md"));
                Assert.All(
                    ["## Why", "## Example", "## Fix"],
                    heading => Assert.Contains("\n" + heading + "\n", page, StringComparison.Ordinal)
                );
                var title = page.Split('\n')[0][$"# {code.Id}: ".Length..];
                Assert.Contains(
                    $"| [{code.Id}]({code.Id}.md) | {code.Severity} | {title} |",
                    File.ReadAllText(Path.Combine(Folder(), "README.md")),
                    StringComparison.Ordinal
                );
            }
        );
    }

    // What the targets of the package report, read from the file.
    private static List<(string Id, string Severity)> BuildCodes() =>
        XDocument
            .Load(Path.Combine(Repository(), "src", "LowRank.Runtime", "Package", "LowRank.targets"))
            .Descendants()
            .Where(element => element.Name.LocalName is "Error" or "Warning")
            .Select(element => ((string)element.Attribute("Code")!, element.Name.LocalName == "Error" ? "error" : "warning"))
            .ToList();

    private static string Folder() => Path.Combine(Repository(), "docs", "diagnostics");

    private static string Repository() => Path.GetFullPath(Path.Combine(Here(), "..", "..", ".."));

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
