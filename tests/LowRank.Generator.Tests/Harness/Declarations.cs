namespace LowRank.Generator.Tests.Harness;

/// <summary>Declarations that several tests use.</summary>
internal static class Declarations
{
    /// <summary>The 1.3 B low-rank transformer of Wei et al.</summary>
    public const string PaperXl = """
        using LowRank;

        namespace Papers;

        /// <summary>The 1.3 B transformer of Wei et al. with feed-forward layers of rank 1024.</summary>
        [Transformer(vocabulary: 32_000, context: 1_024, width: 2_048, depth: 24,
                     Positions = Positions.Rotary, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
        [TrainingRun(tokens: 25_500_000_000, sequencesPerStep: 512)]
        [DenseBaseline]
        public partial class PaperXl
        {
            /// <summary>Who attends to whom.</summary>
            [Attention(heads: 16)]
            public partial Sublayer Attention { get; }

            [FeedForward(hidden: 8_192, Activation.GeluTanh)]
            [LowRank(rank: 1_024, phaseOut: 0.5, Layers = "1..")]
            public partial Sublayer FeedForward { get; }
        }
        """;

    /// <summary>The model that the runtime's own tests write by hand.</summary>
    public const string Small = """
        using LowRank;

        namespace Small;

        /// <summary>A small one.</summary>
        [Transformer(vocabulary: 512, context: 64, width: 64, depth: 4)]
        [TrainingRun(tokens: 1_000_000, sequencesPerStep: 16)]
        public partial class SmallTransformer
        {
            [Attention(heads: 4, KeyValueHeads = 2)]
            public partial Sublayer Attention { get; }

            [FeedForward(hidden: 256)]
            [LowRank(rank: 16, phaseOut: 0.5, Layers = "1..")]
            public partial Sublayer FeedForward { get; }
        }
        """;

    /// <summary>A model whose parts a test chooses.</summary>
    public static string Model(
        string transformer = "vocabulary: 512, context: 64, width: 64, depth: 4",
        string attributes = "",
        string attention = "[Attention(heads: 4)]",
        string feedForward = "[FeedForward(hidden: 256)]",
        string members = ""
    ) =>
        $$"""
            using LowRank;

            namespace Declared;

            /// <summary>A model.</summary>
            [Transformer({{transformer}})]
            {{attributes}}
            public partial class Model
            {
                /// <summary>Attends.</summary>
                {{attention}}
                public partial Sublayer Attention { get; }

                /// <summary>Feeds forward.</summary>
                {{feedForward}}
                public partial Sublayer FeedForward { get; }
                {{members}}
            }
            """;
}
