using LowRank.Generator.Tests.Harness;

namespace LowRank.Generator.Tests.Golden;

/// <summary>Models of today's forms, written in the language: the compiler counts the parameters that were published.</summary>
public sealed class NewerModelTests
{
    private static readonly Dictionary<string, string> Declared = new(StringComparer.Ordinal)
    {
        ["Gemma-2-2B"] = """
            [Transformer(vocabulary: 256_000, context: 8_192, width: 2_304, depth: 26, NormEpsilon = 1e-6, TieEmbeddings = true,
                         NormPlacement = NormPlacement.Both, ScaleEmbeddings = true, LogitSoftCap = 30)]
            public partial class Model
            {
                [Attention(heads: 8, KeyValueHeads = 4, HeadSize = 256, ScoreSoftCap = 50, Window = 4_096, Layers = "..:2")]
                public partial Sublayer Local { get; }

                [Attention(heads: 8, KeyValueHeads = 4, HeadSize = 256, ScoreSoftCap = 50, Layers = "1..:2")]
                public partial Sublayer Global { get; }

                [FeedForward(hidden: 9_216, Activation.GeluTanh, Gated = true)]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["Gemma-3-1B"] = """
            [Transformer(vocabulary: 262_144, context: 32_768, width: 1_152, depth: 26, NormEpsilon = 1e-6, TieEmbeddings = true,
                         NormPlacement = NormPlacement.Both, ScaleEmbeddings = true, RotaryBase = 1_000_000)]
            public partial class Model
            {
                [Attention(heads: 4, KeyValueHeads = 1, HeadSize = 256, QueryKeyNorm = QueryKeyNorm.Head, Window = 512, RotaryBase = 10_000,
                           Layers = "..5, 6..11, 12..17, 18..23, 24..")]
                public partial Sublayer Local { get; }

                [Attention(heads: 4, KeyValueHeads = 1, HeadSize = 256, QueryKeyNorm = QueryKeyNorm.Head, Layers = "5..:6")]
                public partial Sublayer Global { get; }

                [FeedForward(hidden: 6_912, Activation.GeluTanh, Gated = true)]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["OLMo-2-1B"] = """
            [Transformer(vocabulary: 100_352, context: 4_096, width: 2_048, depth: 16, NormEpsilon = 1e-6, RotaryBase = 500_000,
                         NormPlacement = NormPlacement.After)]
            public partial class Model
            {
                [Attention(heads: 16, QueryKeyNorm = QueryKeyNorm.Projection)]
                public partial Sublayer Attention { get; }

                [FeedForward(hidden: 8_192, Gated = true)]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["Phi-3-mini-4k"] = """
            [Transformer(vocabulary: 32_064, context: 4_096, width: 3_072, depth: 32)]
            public partial class Model
            {
                [Attention(heads: 32, Window = 2_047)]
                public partial Sublayer Attention { get; }

                [FeedForward(hidden: 8_192, Gated = true)]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["GPT-Neo-125M"] = """
            [Transformer(vocabulary: 50_257, context: 2_048, width: 768, depth: 12, Positions = Positions.Learned, Norm = Norm.LayerNorm,
                         Bias = Bias.All, TieEmbeddings = true)]
            public partial class Model
            {
                [Attention(heads: 12, ScoreScale = 1, Bias = Projections.Output, Layers = "..:2")]
                public partial Sublayer Global { get; }

                [Attention(heads: 12, ScoreScale = 1, Bias = Projections.Output, Window = 256, Layers = "1..:2")]
                public partial Sublayer Local { get; }

                [FeedForward(hidden: 3_072, Activation.GeluTanh)]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["Llama-3.2-1B"] = """
            [Transformer(vocabulary: 128_256, context: 131_072, width: 2_048, depth: 16, RotaryBase = 500_000, TieEmbeddings = true)]
            [RotaryScaling(RotaryScalingType.Llama3, factor: 32, OriginalContext = 8_192)]
            public partial class Model
            {
                [Attention(heads: 32, KeyValueHeads = 8)]
                public partial Sublayer Attention { get; }

                [FeedForward(hidden: 8_192, Gated = true)]
                public partial Sublayer FeedForward { get; }
            }
            """,
    };

    public static TheoryData<string> Models => [.. Declared.Keys];

    [Theory]
    [MemberData(nameof(Models))]
    public void Parameters_are_those_published(string name) =>
        Assert.Equal(
            GoldenFile.Entry("newer-models.json", "models", name).GetProperty("parameters").GetInt64(),
            GeneratorRun.Of("using LowRank;\n" + Documented(Declared[name])).AssertClean().Constant("Model+Cost", "Parameters")
        );

    private static string Documented(string source) =>
        source
            .Replace("    [", "    /// <summary>A sublayer.</summary>\n    [", StringComparison.Ordinal)
            .Insert(0, "/// <summary>A model.</summary>\n");
}
