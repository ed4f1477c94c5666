using System.Globalization;
using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Emission;

public sealed class CultureTests
{
    [Fact]
    public void Nothing_depends_on_the_machine_s_culture()
    {
        var sources = new[]
        {
            Declarations.PaperXl,
            DiverseDeclarations.All["AllLowRank"],
            Declarations.Model(feedForward: "[FeedForward(256), LowRank(60, 1.25)]"),
        };
        var expected = sources.Select(Everything).ToList();
        var before = CultureInfo.CurrentCulture;
        try
        {
            // Data-free builds know the invariant culture only, so one with decimal commas is made from it.
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "−";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(expected, sources.Select(Everything));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Everything(string source)
    {
        // The catalog is named after the assembly.
        var run = GeneratorRun.Of(TestCompilation.Of(source).WithAssemblyName("Declared"));
        return string.Join(
            "\n",
            run.Result.GeneratedSources.Select(file => file.SourceText.ToString())
                .Concat(run.Findings.Select(finding => finding.ToString()))
        );
    }
}
