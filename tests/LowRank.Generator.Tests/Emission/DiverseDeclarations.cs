namespace LowRank.Generator.Tests.Emission;

/// <summary>Declarations that between them reach every branch of the emitter and every way of writing a class.</summary>
internal static class DiverseDeclarations
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["Gpt2"] = """
            using LowRank;
            namespace Published;
            /// <summary>Learned positions, LayerNorm, all biases, tied.</summary>
            [Transformer(257, 32, 48, 2, Positions = Positions.Learned, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
            public sealed partial class Gpt2
            {
                /// <summary>Attends.</summary>
                [Attention(3)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(192, Activation.GeluTanh)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Stepping"] = """
            using LowRank;
            using LowRank.Layers;
            using static TorchSharp.torch;
            namespace Published;
            /// <summary>Every token's vector beside a view of the one before it.</summary>
            [Module(OwnFlopsPerRow = 0)]
            public partial class StepBack : ISequenceModule
            {
                /// <summary>The view.</summary>
                [Linear(48, 48), LowRank(rank: 8)] public partial LinearLayer Before { get; }
                /// <inheritdoc/>
                public Tensor forward(Tensor x)
                {
                    using var scope = NewDisposeScope();
                    var views = Before.forward(x);
                    var nothing = zeros([x.shape[0], 1, 48], views.dtype, views.device);
                    var earlier = views.narrow(1, 0, x.shape[1] - 1);
                    return cat([nothing, earlier], 1).MoveToOuterDisposeScope();
                }
            }
            /// <summary>A module of one's own in every second block.</summary>
            [Transformer(257, 32, 48, 4)]
            public partial class Stepping
            {
                /// <summary>Looks a step back.</summary>
                [Part(typeof(StepBack), Layers = "..:2")] public partial Sublayer Mixer { get; }
                /// <summary>Attends.</summary>
                [Attention(3, Layers = "1..:2")] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96)] public partial Sublayer FeedForward { get; }
            }
            /// <summary>A language model that is no transformer.</summary>
            [Module(OwnFlopsPerRow = 0)]
            [LanguageModel(vocabulary: 257, context: 32, width: 48)]
            public partial class Bigrams : ILanguageModule
            {
                /// <summary>The tokens.</summary>
                [Embedding(257, 48)] public partial Embedding Tokens { get; }
                /// <summary>The next.</summary>
                [Linear(48, 48), LowRank(rank: 8)] public partial LinearLayer Next { get; }
                /// <inheritdoc/>
                public Tensor HeadWeight => Tokens.Weight;
                /// <inheritdoc/>
                public Tensor Hidden(Tensor tokens)
                {
                    using var vectors = Tokens.forward(tokens);
                    return Next.forward(vectors);
                }
            }
            """,
        ["Llama"] = """
            namespace Published
            {
                using LowRank;

                /// <summary>Gated, grouped queries; a block-scoped namespace.</summary>
                [Transformer(vocabulary: 257, context: 32, width: 48, depth: 3, RotaryBase = 500_000, NormEpsilon = 1e-6)]
                internal partial class Llama
                {
                    [Attention(heads: 6, KeyValueHeads = 2)] internal partial Sublayer Attention { get; }
                    [FeedForward(hidden: 128, Gated = true)] internal partial Sublayer FeedForward { get; }
                }
            }
            """,
        ["Mistral"] = """
            using LowRank;
            namespace Published;
            /// <summary>A sliding window shorter than the sequences of the tests, grouped queries, gated.</summary>
            [Transformer(257, 32, 48, 3)]
            public partial class Mistral
            {
                /// <summary>Sees four tokens.</summary>
                [Attention(6, KeyValueHeads = 2, Window = 4)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(112, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Pythia"] = """
            using LowRank;
            namespace Published;
            /// <summary>Parallel residuals, a quarter of the head rotated.</summary>
            [Transformer(257, 32, 64, 2, RotaryFraction = 0.25, Norm = Norm.LayerNorm, Bias = Bias.All, Residual = Residual.Parallel)]
            public partial class Pythia
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(256, Activation.Gelu)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Qwen3"] = """
            using LowRank;
            namespace Published;
            /// <summary>Normalized queries and keys, a head size of its own, biases on queries, keys and values.</summary>
            [Transformer(257, 32, 48, 2, TieEmbeddings = true, Bias = Bias.QueryKeyValue)]
            public partial class Qwen3
            {
                /// <summary>Attends.</summary>
                [Attention(4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Gemma3"] = """
            using LowRank;
            namespace Published;
            /// <summary>Norms before and after, local and global attention with frequencies of their own.</summary>
            [Transformer(257, 32, 48, 3, NormPlacement = NormPlacement.Both, TieEmbeddings = true, RotaryBase = 1_000_000)]
            public partial class Gemma3
            {
                /// <summary>Sees four tokens.</summary>
                [Attention(4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head, Window = 4, RotaryBase = 10_000, Layers = "..2")]
                public partial Sublayer Local { get; }
                /// <summary>Sees all tokens.</summary>
                [Attention(4, KeyValueHeads = 2, HeadSize = 16, QueryKeyNorm = QueryKeyNorm.Head, Layers = "2..")] public partial Sublayer Global { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Activation.GeluTanh, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Gemma2"] = """
            using LowRank;
            namespace Published;
            /// <summary>Scaled embedding, capped scores and logits, a tied head.</summary>
            [Transformer(257, 32, 48, 2, NormPlacement = NormPlacement.Both, TieEmbeddings = true, ScaleEmbeddings = true, LogitSoftCap = 2.5)]
            public partial class Gemma2
            {
                /// <summary>Attends.</summary>
                [Attention(4, KeyValueHeads = 2, ScoreScale = 0.25, ScoreSoftCap = 1.5, Window = 5)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Activation.GeluTanh, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Granite"] = """
            using LowRank;
            namespace Published;
            /// <summary>Factors of embedding, scores and logits, and a cap of scores of the usual scale.</summary>
            [Transformer(257, 32, 48, 2, EmbeddingScale = 12, LogitScale = 0.125)]
            public partial class Granite
            {
                /// <summary>Scaled.</summary>
                [Attention(4, ScoreScale = 1, Layers = "..1")] public partial Sublayer Scaled { get; }
                /// <summary>Capped.</summary>
                [Attention(4, ScoreSoftCap = 0.5, Layers = "1..")] public partial Sublayer Capped { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Olmo2"] = """
            using LowRank;
            namespace Published;
            /// <summary>Norms after the sublayers, over all queries and all keys; every second attention without positions.</summary>
            [Transformer(257, 32, 48, 2, NormPlacement = NormPlacement.After)]
            public partial class Olmo2
            {
                /// <summary>Rotates.</summary>
                [Attention(4, KeyValueHeads = 2, QueryKeyNorm = QueryKeyNorm.Projection, RotaryFraction = 0.5, Layers = "..1")] public partial Sublayer Rotated { get; }
                /// <summary>Doesn't.</summary>
                [Attention(4, QueryKeyNorm = QueryKeyNorm.Projection, Positions = Positions.None, Layers = "1..")] public partial Sublayer Unrotated { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["ParallelAfter"] = """
            using LowRank;
            namespace Layered;
            /// <summary>Norms with biases after sublayers that run side by side.</summary>
            [Transformer(257, 32, 48, 2, NormPlacement = NormPlacement.After, Norm = Norm.LayerNorm, Bias = Bias.All, Residual = Residual.Parallel)]
            public partial class ParallelAfter
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["DeepSeek"] = """
            using LowRank;
            namespace Published;
            /// <summary>Latent attention: latents of queries, of keys and values, one rotated key for all heads.</summary>
            [Transformer(257, 32, 48, 3)]
            [LowRank(rank: 5, Layers = "1..", Projections = Projections.Query | Projections.Key | Projections.KeyValueDown)]
            [DenseBaseline]
            public partial class DeepSeek
            {
                /// <summary>Attends.</summary>
                [Attention(4, HeadSize = 10, KeyValueRank = 16, QueryRank = 20, RotarySize = 6, ValueSize = 9)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["LatentHybrid"] = """
            using LowRank;
            namespace Layered;
            /// <summary>Latents without norm and rotation behind a window, beside grouped queries; biases.</summary>
            [Transformer(257, 32, 48, 4, Positions = Positions.Learned, Bias = Bias.All, Residual = Residual.Parallel)]
            public partial class LatentHybrid
            {
                /// <summary>Sees five tokens.</summary>
                [Attention(3, KeyValueRank = 12, LatentNorm = false, Window = 5, Layers = "..:2")] public partial Sublayer Local { get; }
                /// <summary>Sees all.</summary>
                [Attention(4, KeyValueHeads = 2, Layers = "1..:2")] public partial Sublayer Global { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(64)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["GptNeo"] = """
            using LowRank;
            namespace Published;
            /// <summary>Biases of all but queries, keys and values.</summary>
            [Transformer(257, 32, 48, 2, Positions = Positions.Learned, Norm = Norm.LayerNorm, Bias = Bias.All, TieEmbeddings = true)]
            public partial class GptNeo
            {
                /// <summary>Attends.</summary>
                [Attention(4, Bias = Projections.Output)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Activation.GeluTanh)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Llama31"] = """
            using LowRank;
            namespace Published;
            /// <summary>Scaled frequencies: of the class, of one attention, and of two that share a table.</summary>
            [Transformer(257, 32, 64, 4, RotaryBase = 500)]
            [RotaryScaling(RotaryScalingType.Llama3, factor: 8, OriginalContext = 16, HighFrequencyFactor = 3)]
            public partial class Llama31
            {
                /// <summary>As the class.</summary>
                [Attention(4, Layers = "..1")] public partial Sublayer First { get; }
                /// <summary>Linear.</summary>
                [Attention(4, Layers = "1..2"), RotaryScaling(RotaryScalingType.Linear, 4)] public partial Sublayer Second { get; }
                /// <summary>Yarn.</summary>
                [Attention(4, RotaryFraction = 0.5, Layers = "2..3"), RotaryScaling(RotaryScalingType.Yarn, 2.5, OriginalContext = 12, BetaFast = 1.5, BetaSlow = 0.25)]
                public partial Sublayer Third { get; }
                /// <summary>Yarn with a factor of its own.</summary>
                [Attention(4, Layers = "3.."), RotaryScaling(RotaryScalingType.Yarn, 16, OriginalContext = 64, AttentionFactor = 0.75)]
                public partial Sublayer Fourth { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true, Bias = Projections.Down | Projections.Gate)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["NoPositions"] = """
            using LowRank;
            /// <summary>In the global namespace, without positions, normalized queries, squared ReLU.</summary>
            [Transformer(257, 32, 48, 1, Positions = Positions.None)]
            public partial class NoPositions
            {
                /// <summary>Attends.</summary>
                [Attention(4, QueryKeyNorm = QueryKeyNorm.Head)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Activation.ReluSquared)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["AllLowRank"] = """
            using LowRank;
            namespace Factored;
            /// <summary>Low rank on the class: attention and feed-forward together, sampled, with a baseline.</summary>
            [Transformer(257, 32, 64, 4, Bias = Bias.All)]
            [LowRank(rank: 8, phaseOut: 0.25, Layers = "1..^1", Guide = Guide.Sampled, Schedule = Schedule.Linear)]
            [TrainingRun(tokens: 100_000, sequencesPerStep: 8, SequencesPerMicroBatch = 2)]
            [DenseBaseline]
            public partial class AllLowRank
            {
                /// <summary>Attends.</summary>
                [Attention(4, KeyValueHeads = 2)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(256, Activation.Relu)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Mixed"] = """
            using LowRank;
            namespace Factored;
            /// <summary>Two guides with different ends, one sampled behind another, and a dense exemption.</summary>
            [Transformer(257, 32, 64, 4)]
            [LowRank(8, phaseOut: 1.0, Guide = Guide.Sampled)]
            public partial class Mixed
            {
                /// <summary>Attends.</summary>
                [Attention(4), LowRank(4, Guide = Guide.Sampled)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(256)] public partial Sublayer FirstFeedForward { get; }
                /// <summary>Attends again.</summary>
                [Attention(2), Dense] public partial Sublayer SecondAttention { get; }
                /// <summary>Feeds again.</summary>
                [FeedForward(128, Gated = true)] public partial Sublayer SecondFeedForward { get; }
            }
            """,
        ["NoGuide"] = """
            using LowRank;
            namespace Factored;
            /// <summary>Factors without a guide, and feed-forward alone.</summary>
            [Transformer(257, 32, 64, 4)]
            public partial class NoGuide
            {
                /// <summary>Feeds.</summary>
                [FeedForward(256), LowRank(8, Guide = Guide.None, Layers = "..2")] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Nested"] = """
            using LowRank;
            namespace Nesting.Deep;
            /// <summary>Outermost.</summary>
            public partial class Outer
            {
                /// <summary>A generic sibling is no obstacle.</summary>
                internal partial struct Middle
                {
                    /// <summary>Innermost.</summary>
                    [Transformer(257, 32, 64, 4)]
                    internal sealed partial class Inner
                    {
                        [Attention(4)] private partial Sublayer Attention { get; }
                    }
                }

                [Transformer(257, 32, 64, 4)]
                private partial class Secret
                {
                    [Attention(4)] internal partial Sublayer Attention { get; }
                }
            }
            """,
        ["Constants"] = """
            global using Lr = LowRank.LowRankAttribute;
            using Model = LowRank.TransformerAttribute;
            using Part = LowRank.Sublayer;
            namespace Written;
            internal static class Sizes
            {
                public const int Width = 64;
                public const double Half = 1.0 / 2;
                public const string AllButFirst = "1" + "..";
            }
            /// <summary>Constants, expressions, aliases, and arguments out of order.</summary>
            [Model(depth: 2 * 2, width: Sizes.Width, context: 1 << 5, vocabulary: 256 + 1, Bias = Sizes.Width > 32 ? LowRank.Bias.All : LowRank.Bias.None)]
            public partial class Constants
            {
                /// <summary>Attends.</summary>
                [LowRank.Attention(heads: Sizes.Width / 16)] public partial Part Attention { get; }
                /// <summary>Feeds.</summary>
                [LowRank.FeedForward(activation: LowRank.Activation.Relu, hidden: 4 * Sizes.Width)]
                [Lr(phaseOut: Sizes.Half, rank: 8, Layers = Sizes.AllButFirst)]
                public partial Part FeedForward { get; }
            }
            """,
        ["Parts"] = """
            using LowRank;
            namespace Written;
            /// <summary>Several parts, members of the user's own, a virtual property.</summary>
            public partial class Parts
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public virtual partial Sublayer Attention { get; }
                /// <summary>The user's own.</summary>
                public int Own => Context + Vocabulary;
            }
            [Transformer(257, 32, 64, 2)]
            partial class Parts
            {
                /// <summary>Feeds.</summary>
                [FeedForward(128)] protected internal partial Sublayer FeedForward { get; }
            }
            """,
        ["Obsolete"] = """
            using LowRank;
            namespace Written;
            /// <summary>On its way out, in part and as a whole.</summary>
            [Transformer(257, 32, 64, 2)]
            [System.Obsolete("Use another.")]
            public partial class Obsolete
            {
                /// <summary>Attends.</summary>
                [Attention(4), System.Obsolete] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(128)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Keywords"] = """
            using LowRank;
            namespace @event.@class;
            /// <summary>Names that are keywords.</summary>
            [Transformer(257, 32, 64, 3)]
            public partial class @record
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public partial Sublayer @default { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(128), LowRank(4, Layers = "1..2")] public partial Sublayer @async { get; }
            }
            """,
        ["Hostile"] = """
            global using Layers = System.Int32;
            global using Torch = System.String;
            using Sublayer = LowRank.Sublayer;
            namespace Hostile.System.LowRank.TorchSharp
            {
                /// <summary>Everything that generated code names is something else here.</summary>
                [global::LowRank.Transformer(257, 32, 64, 3)]
                public partial class Adversary
                {
                    /// <summary>Attends.</summary>
                    [global::LowRank.Attention(4)] public partial Sublayer Attention { get; }
                    /// <summary>Feeds.</summary>
                    [global::LowRank.FeedForward(128), global::LowRank.LowRank(4, Guide = global::LowRank.Guide.Sampled)] public partial Sublayer FeedForward { get; }
                }
                internal class Linear;
                internal class LowRankLinear;
                internal class Layer;
                internal class LanguageModel;
                internal class ModelOptions;
                internal class Tensor;
                internal class Math;
                internal class String;
                internal enum Guide;
                internal class Phases;
                internal class Costs;
            }
            namespace Hostile { internal class Layers; internal class Costs; internal class Torch; internal class Phases; internal class torch; }
            internal class Costs;
            internal class Phases;
            """,
        ["Hybrid"] = """
            using LowRank;
            namespace Layered;
            /// <summary>Windowed attention in every second block, full between; feed-forward plain at both ends, gated within.</summary>
            [Transformer(257, 32, 64, 7)]
            [LowRank(Ratio = 0.25, Layers = "2..", Projections = Projections.Up | Projections.Gate | Projections.Down)]
            [LowRank(6, phaseOut: 0.25, Layers = "..:3", Projections = Projections.Query | Projections.Value)]
            [DenseBaseline]
            public partial class Hybrid
            {
                /// <summary>Sees five tokens.</summary>
                [Attention(4, KeyValueHeads = 2, Window = 5, Layers = "..:2")] public partial Sublayer Local { get; }
                /// <summary>Sees all tokens.</summary>
                [Attention(2, Layers = "1..:2"), LowRank(4, Layers = "3..5", Projections = Projections.Output)] public partial Sublayer Global { get; }
                /// <summary>At both ends.</summary>
                [FeedForward(128, Layers = "..1, ^1..")] public partial Sublayer Ends { get; }
                /// <summary>Within.</summary>
                [FeedForward(96, Gated = true, Layers = "1..^1")] public partial Sublayer Within { get; }
            }
            """,
        ["Mixture"] = """
            using LowRank;
            namespace Experts;
            /// <summary>The first block dense, then mixtures with shared experts, some of their matrices factored.</summary>
            [Transformer(257, 32, 64, 4)]
            [DenseBaseline]
            public partial class Mixture
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public partial Sublayer Attention { get; }
                /// <summary>In the first block.</summary>
                [FeedForward(160, Gated = true, Layers = "..1")] public partial Sublayer First { get; }
                /// <summary>In all others.</summary>
                [FeedForward(48, Gated = true, Layers = "1..")]
                [Experts(6, 2, Shared = 2, Router = RouterScore.Sigmoid, WeightScale = 2.5, Balance = Balance.Bias)]
                [LowRank(6, phaseOut: 0.25, Layers = "2..", Projections = Projections.Up | Projections.Down)]
                public partial Sublayer Experts { get; }
            }
            """,
        ["ParallelHybrid"] = """
            using LowRank;
            namespace Layered;
            /// <summary>Parallel residuals, a sublayer in some blocks, normalized queries, a window of one token.</summary>
            [Transformer(257, 32, 48, 5, Residual = Residual.Parallel, Bias = Bias.All)]
            public partial class ParallelHybrid
            {
                /// <summary>Sees itself.</summary>
                [Attention(3, Window = 1, QueryKeyNorm = QueryKeyNorm.Head, Layers = "1..4:2")] public partial Sublayer Narrow { get; }
                /// <summary>Sees three tokens.</summary>
                [Attention(4, Window = 3)] public partial Sublayer Wide { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(64, Layers = "^2..")] [LowRank(4, Guide = Guide.None, Layers = "3..4")] [LowRank(Ratio = 0.5, Guide = Guide.Sampled, Layers = "4..")]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["Forms"] = """
            namespace Written;

            /// <summary>Constants of a nested class, of a generic class, of an interface, of a literal text, and names of things.</summary>
            public static class FormSizes
            {
                /// <summary>Nested.</summary>
                public static class Deep { /// <summary>A size.</summary>
                    public const int Heads = Width / 16; }
                /// <summary>A size.</summary>
                public const int Width = 8 * 8;
                /// <summary>A text.</summary>
                public const string Tail = $"{One}..";
                private const string One = "1";
            }
            internal interface IFormSizes<T> { const int Vocabulary = 200 + 57; }
            /// <summary>A record around a model is fine.</summary>
            public partial record Surrounding
            {
                /// <summary>Every kind of constant.</summary>
                [LowRank.Transformer(IFormSizes<int>.Vocabulary, context: sizeof(long) * 4, FormSizes.Width, nameof(FormSizes.Deep) == "Deep" ? 2 : 3)]
                [LowRank.LowRank(FormSizes.Deep.Heads, FormSizes.Width > 0 ? 0.5 : 1.0, Layers = FormSizes.Tail, Projections = Kinds)]
                public sealed partial class Forms
                {
                    private const LowRank.Projections Kinds = LowRank.Projections.All & ~LowRank.Projections.Query & ~LowRank.Projections.Gate;
                    /// <summary>Attends.</summary>
                    [LowRank.AttentionAttribute(FormSizes.Deep.Heads, Window = checked(2 + 1))] public partial global::LowRank.Sublayer Attention { get; }
                    /// <summary>Feeds.</summary>
                    [property: LowRank.FeedForwardAttribute(hidden: FormSizes.Width << 1)] public partial LowRank.Sublayer FeedForward { get; }
                }
            }
            """,
        ["SplitAttributes"] = """
            using LowRank;
            namespace Written;
            /// <summary>Attributes on several parts, one part without any, the sublayers in the last.</summary>
            [Transformer(257, 32, 64, 2)]
            public sealed partial class SplitAttributes;
            [LowRank(4, Layers = "..1")]
            [DenseBaseline]
            sealed partial class SplitAttributes;
            [LowRank(8, Layers = "1..")]
            [TrainingRun(100_000, 4)]
            partial class SplitAttributes
            {
                /// <summary>Attends.</summary>
                [Attention(4)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(128)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["FactorOptions"] = """
            using LowRank;
            namespace Factored;
            /// <summary>Every option of factors, by projection and by block.</summary>
            [Transformer(257, 32, 48, 3)]
            [TrainingRun(tokens: 100_000, sequencesPerStep: 4)]
            [LowRank(8, Activation = Activation.Silu, Layers = "..1")]
            [LowRank(6, 0.4, Residual = true, RebalanceEvery = 500, ProductDecay = 0.01, Layers = "1..")]
            [DenseBaseline]
            public partial class FactorOptions
            {
                /// <summary>Attends.</summary>
                [Attention(4, KeyValueHeads = 2)] public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true)]
                [LowRank(7, Guide = Guide.None, Initialization = Initialization.Orthogonal, ProductDecay = 1e-3, Projections = Projections.Down, Layers = "1..")]
                public partial Sublayer FeedForward { get; }
            }
            """,
        ["Adapters"] = """
            using LowRank;
            namespace Published;
            /// <summary>Adapters in some blocks, for two of a fused product's roles, and for plain layers.</summary>
            [Transformer(257, 32, 48, 3)]
            public partial class Adapters
            {
                /// <summary>Attends.</summary>
                [Attention(3), LoRA(4, 8, Projections = Projections.Query | Projections.Value, Layers = "1..")]
                public partial Sublayer Attention { get; }
                /// <summary>Feeds.</summary>
                [FeedForward(96, Gated = true), LoRA(2, 4, Dropout = 0.1)] public partial Sublayer FeedForward { get; }
            }
            """,
        ["Documented"] = """
            using LowRank;
            using Alias = System.Collections.Generic.List<int>;
            namespace Written;
            /// <summary>
            /// Knows <see cref="Alias"/>, <see cref="Attention"/> and <c>a &lt; b</c>.
            /// </summary>
            /// <remarks>The user's own.</remarks>
            [Transformer(257, 32, 64, 2)]
            public partial class Documented
            {
                /// <summary>Sees <see cref="Alias"/>.</summary>
                /// <remarks>The user's remarks &amp; more.</remarks>
                [Attention(4)] public partial Sublayer Attention { get; }
                /**
                 * <summary>In a block.</summary>
                 */
                [FeedForward(128)] public partial Sublayer FeedForward { get; }
            }
            """,
    };
}
