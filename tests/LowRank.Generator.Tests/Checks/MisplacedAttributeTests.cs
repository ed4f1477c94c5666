using LowRank.Generator.Analyzers;
using LowRank.Generator.Tests.Harness;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LowRank.Generator.Tests.Checks;

public sealed class MisplacedAttributeTests
{
    [Fact]
    public async Task Attributes_mean_nothing_on_a_class_that_declares_no_model()
    {
        const string source = """
            using LowRank;
            [TrainingRun(1_000, 1), DenseBaseline, LowRank(8)]
            public partial class Plain
            {
                [Attention(4)]
                public Sublayer? Attention { get; }
            }
            """;
        Assert.Equal(
            [
                new(
                    "LRK0007",
                    "[Attention] on 'Attention' means nothing because 'Plain' is not declared with [Transformer]",
                    "Attention(4)"
                ),
                new(
                    "LRK0007",
                    "[DenseBaseline] on 'Plain' means nothing because 'Plain' is not declared with [Transformer]",
                    "DenseBaseline"
                ),
                new("LRK0007", "[LowRank] on 'Plain' means nothing because 'Plain' is not declared with [Transformer]", "LowRank(8)"),
                new(
                    "LRK0007",
                    "[TrainingRun] on 'Plain' means nothing because 'Plain' is not declared with [Transformer]",
                    "TrainingRun(1_000, 1)"
                ),
            ],
            await Analyze(source)
        );
    }

    [Fact]
    public async Task Each_attribute_has_its_kind_of_class()
    {
        const string source = """
            using LowRank;
            using LowRank.Layers;
            [TrainingRun(1_000, 1), Module]
            public partial class Declared
            {
                [Linear(64, 64), LowRank(8)]
                public partial LinearLayer A { get; }
                [Attention(4)]
                public Sublayer? B { get; }
            }
            public partial class Plain
            {
                [Embedding(4, 4)]
                public Embedding? C { get; }
            }
            """;
        Assert.Equal(
            [
                new("LRK0007", "[Attention] on 'B' means nothing because 'Declared' is not declared with [Transformer]", "Attention(4)"),
                new("LRK0007", "[Embedding] on 'C' means nothing because 'Plain' is not declared with [Module]", "Embedding(4, 4)"),
                new(
                    "LRK0007",
                    "[TrainingRun] on 'Declared' means nothing because 'Declared' is not declared with [Transformer]",
                    "TrainingRun(1_000, 1)"
                ),
            ],
            await Analyze(source)
        );
    }

    [Fact]
    public async Task A_declared_model_is_left_alone() => Assert.Empty(await Analyze(Declarations.PaperXl));

    private static async Task<IEnumerable<Reported>> Analyze(string source)
    {
        OfferedFixes.AssertMend(source);
        var compilation = GeneratorRun.Of(source).Compilation.WithAnalyzers([new MisplacedAttributeAnalyzer()]);
        return (await compilation.GetAnalyzerDiagnosticsAsync())
            .Select(Reported.Of)
            .OrderBy(finding => finding.Message, StringComparer.Ordinal);
    }
}
