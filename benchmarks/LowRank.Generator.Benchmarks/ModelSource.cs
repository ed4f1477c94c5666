using System.Globalization;
using System.Text;

namespace LowRank.Generator.Benchmarks;

/// <summary>
/// Declarations as a project with many experiments has them: one file per model, five forms in turn, each with sizes of its own.
/// </summary>
internal static class ModelSource
{
    private static readonly CompositeFormat[] Forms =
    [
        // A dense one with grouped queries.
        CompositeFormat.Parse(
            """
            using LowRank;

            namespace Experiments.Series{0};

            /// <summary>Experiment {1}: dense, grouped queries.</summary>
            [Transformer(vocabulary: 32_000, context: 1_024, width: {2}, depth: {3})]
            public partial class Experiment{1}
            {{
                /// <summary>Who attends to whom.</summary>
                [Attention(heads: 16, KeyValueHeads = 4)]
                public partial Sublayer Attention {{ get; }}

                /// <summary>What is done with it.</summary>
                [FeedForward(hidden: 8_192, Gated = true)]
                public partial Sublayer FeedForward {{ get; }}
            }}

            """
        ),
        // The paper's recipe with a run, a budget and a baseline.
        CompositeFormat.Parse(
            """
            using LowRank;

            namespace Experiments.Series{0};

            /// <summary>Experiment {1}: the feed-forward layers of rank {4}.</summary>
            [Transformer(vocabulary: 32_000, context: 1_024, width: {2}, depth: {3},
                         Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
            [TrainingRun(tokens: 25_500_000_000, sequencesPerStep: 512, SequencesPerMicroBatch = 8)]
            [Budget(Parameters = 9_000_000_000, TrainingFlops = 1.9e22)]
            [DenseBaseline]
            public partial class Experiment{1}
            {{
                [Attention(heads: 16)]
                public partial Sublayer Attention {{ get; }}

                [FeedForward(hidden: 8_192, Activation.GeluTanh)]
                [LowRank(rank: {4}, phaseOut: 0.5, Layers = "1..")]
                public partial Sublayer FeedForward {{ get; }}
            }}

            """
        ),
        // Low rank by ratio on the class, and an exemption.
        CompositeFormat.Parse(
            """
            using LowRank;

            namespace Experiments.Series{0};

            /// <summary>Experiment {1}: a ratio for all that is large.</summary>
            [Transformer(vocabulary: 50_257, context: 2_048, width: {2}, depth: {3}, RotaryBase = 500_000, NormEpsilon = 1e-6)]
            [LowRank(Ratio = 0.4, Projections = Projections.Up | Projections.Gate | Projections.Down, Guide = Guide.Sampled)]
            [TrainingRun(tokens: 10_000_000_000, sequencesPerStep: 256)]
            public partial class Experiment{1}
            {{
                private const int Heads = 32;

                [Attention(heads: Heads, KeyValueHeads = Heads / 4, QueryKeyNorm = QueryKeyNorm.Head)]
                public partial Sublayer Attention {{ get; }}

                [FeedForward(hidden: 5_632, Gated = true)]
                public partial Sublayer FeedForward {{ get; }}

                /// <summary>What a user adds to a model.</summary>
                public string Name() => $"experiment {{Context}}";
            }}

            """
        ),
        // Local and global attention in turn.
        CompositeFormat.Parse(
            """
            using LowRank;

            namespace Experiments.Series{0};

            /// <summary>Experiment {1}: a hybrid stack.</summary>
            [Transformer(vocabulary: 8_192, context: 1_024, width: {2}, depth: {3})]
            [TrainingRun(tokens: 1_000_000_000, sequencesPerStep: 64)]
            [Budget(Parameters = 9_000_000_000)]
            public partial class Experiment{1}
            {{
                [Attention(heads: 16, KeyValueHeads = 2, Window = 256, Layers = "..:2")]
                public partial Sublayer Local {{ get; }}

                [Attention(heads: 16, KeyValueHeads = 2, Layers = "1..:2")]
                public partial Sublayer Global {{ get; }}

                [FeedForward(hidden: 2_816, Gated = true)]
                [LowRank(rank: {4}, Layers = "2..")]
                public partial Sublayer FeedForward {{ get; }}
            }}

            """
        ),
        // Every linear factored, two declarations at one place.
        CompositeFormat.Parse(
            """
            using LowRank;

            namespace Experiments.Series{0};

            /// <summary>Experiment {1}: attention factored as well.</summary>
            [Transformer(vocabulary: 32_000, context: 1_024, width: {2}, depth: {3}, Positions = Positions.Learned)]
            [DenseBaseline]
            public partial class Experiment{1}
            {{
                [Attention(heads: 16)]
                [LowRank(rank: 128, phaseOut: 0.25, Schedule = Schedule.Linear)]
                public partial Sublayer Attention {{ get; }}

                [FeedForward(hidden: 4_096)]
                [LowRank(rank: {4}, Layers = "..^2")]
                [LowRank(rank: 128, Layers = "^2..")]
                public partial Sublayer FeedForward {{ get; }}
            }}

            """
        ),
    ];

    /// <summary>The file of one model.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="edits">How often its sizes have been edited.</param>
    public static string Of(int index, int edits = 0) =>
        string.Format(
            CultureInfo.InvariantCulture,
            Forms[index % Forms.Length],
            index / 50,
            index,
            1_024 + 128 * (index % 8),
            12 + (index + edits) % 13,
            192 + 64 * (index % 4)
        );
}
