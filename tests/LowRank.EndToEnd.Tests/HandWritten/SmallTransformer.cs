using LowRank.Blocks;
using LowRank.Costs;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.HandWritten;

// What the generator has to emit for
//
//     [Transformer(vocabulary: 512, context: 64, width: 64, depth: 4)]
//     [TrainingRun(tokens: 1_000_000, sequencesPerStep: 16)]
//     public partial class SmallTransformer
//     {
//         [Attention(heads: 4, KeyValueHeads = 2)]
//         public partial Sublayer Attention { get; }
//
//         [FeedForward(hidden: 256)]
//         [LowRank(rank: 16, phaseOut: 0.5, Layers = "1..")]
//         public partial Sublayer FeedForward { get; }
//     }
//
// written by hand, and the reference that the generated model is compared with.

public sealed partial class SmallTransformer : LanguageModel
{
    private readonly Embedding embedding;
    private readonly RotaryEmbedding rotary;
    private readonly TorchSharp.Modules.ModuleList<Block> blocks = new();
    private readonly RmsNorm finalNorm;
    private readonly Linear head;

    // The factored linears of each [LowRank], in the order in which they run.
    private readonly LowRankLinear[] feedForwardFactored;

    /// <summary>Builds the model and draws its weights.</summary>
    /// <param name="options">Device, types, seed, and whether the guides exist; null for the defaults.</param>
    public SmallTransformer(ModelOptions? options = null)
        : base(nameof(SmallTransformer), Cost.Summary, options ??= new ModelOptions())
    {
        embedding = new Embedding(512, 64, options);
        rotary = new RotaryEmbedding(context: 64, size: 16, frequencyBase: 10000, options);
        for (var index = 0; index < 4; index++)
        {
            var attention = new AttentionLayer(new Linear(64, 128, false, options), new Linear(64, 64, false, options), rotary, options);
            var feedForward = index switch
            {
                < 1 => new FeedForwardLayer(new Linear(64, 256, false, options), new Linear(256, 64, false, options), options),
                _ => new FeedForwardLayer(
                    new LowRankLinear(64, 256, 16, false, options.Guided, options),
                    new LowRankLinear(256, 64, 16, false, options.Guided, options),
                    options
                ),
            };
            blocks.Add(new Block(attention, feedForward));
        }

        finalNorm = new RmsNorm(64, 1e-5, options);
        head = new Linear(64, 512, false, options);

        register_module("embedding", embedding);
        register_module("blocks", blocks);
        register_module("final_norm", finalNorm);
        register_module("head", head);

        feedForwardFactored = [.. blocks.Skip(1).SelectMany(block => block.FeedForward.modules().OfType<LowRankLinear>())];
        Attention = new Sublayer(
            "Attention",
            [.. blocks.Select(block => block.Attention)],
            [.. Cost.Summary.Sublayers.Where(cost => cost.Name == "Attention")],
            [.. Enumerable.Range(0, blocks.Count)]
        );
        FeedForward = new Sublayer(
            "FeedForward",
            [.. blocks.Select(block => block.FeedForward)],
            [.. Cost.Summary.Sublayers.Where(cost => cost.Name == "FeedForward")],
            [.. Enumerable.Range(0, blocks.Count)]
        );

        if (options.Initialize)
            InitialWeights.Draw(this, options.Seed);
    }

    public Sublayer Attention { get; }

    public Sublayer FeedForward { get; }

    public override IReadOnlyList<Sublayer> Sublayers => [Attention, FeedForward];

    public override int Vocabulary => 512;

    internal override Tensor HeadWeight => head.Weight;

    public override Tensor Hidden(Tensor tokens, KeyValueCache? cache = null)
    {
        var x = embedding.forward(tokens);
        foreach (var block in blocks)
        {
            using var input = x;
            x = block.forward(input, cache);
        }

        using (x)
            return finalNorm.forward(x);
    }

    protected override double PrepareStep(TrainingStep step)
    {
        var largest = 0.0;

        // FeedForward, blocks 1 to 3: the exact mix, phased out by a cosine over the first 50 % of the steps.
        {
            var guidedSteps = PhaseOutSchedule.GuidedSteps(step.Total, 0.5);
            var alpha = PhaseOutSchedule.Cosine(step.Index, guidedSteps);
            foreach (var linear in feedForwardFactored)
            {
                if (step.Index >= guidedSteps)
                    linear.ReleaseGuide();
                else
                    linear.Blend(alpha);
                // Guide = Guide.Sampled draws instead, with the linear's index in the group:
                //     linear.Blend(alpha, drawn: GuideDraw.Uniform(step.Seed, step.Index, index) < alpha);
            }

            if (Options.Guided)
                largest = Math.Max(largest, alpha);
        }

        return largest;
    }

    protected override void ProjectGradients()
    {
        foreach (var linear in feedForwardFactored)
            linear.ProjectGradients();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rotary.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>One block: attention, then feed-forward, each added to the residual stream.</summary>
    public sealed class Block : CachingLayer
    {
        internal Block(AttentionLayer attention, FeedForwardLayer feedForward)
            : base(nameof(Block))
        {
            Attention = attention;
            FeedForward = feedForward;
            register_module("attention", attention);
            register_module("feed_forward", feedForward);
        }

        public AttentionLayer Attention { get; }

        public FeedForwardLayer FeedForward { get; }

        // [batch, sequence, 64] to the same shape.
        public override Tensor forward(Tensor x, KeyValueCache? cache)
        {
            using var attended = Attention.forward(x, cache);
            using var afterAttention = ResidualPath.Sum(x, attended);
            using var fed = FeedForward.forward(afterAttention);
            return ResidualPath.Sum(afterAttention, fed);
        }
    }

    /// <summary>Causal self-attention: 4 heads of 16, 2 key and value heads; [batch, sequence, 64] to the same shape.</summary>
    public sealed class AttentionLayer : CausalAttention
    {
        private readonly RotaryEmbedding rotary;

        internal AttentionLayer(LinearLayer queryKeyValue, LinearLayer output, RotaryEmbedding rotary, ModelOptions options)
            : base(nameof(AttentionLayer), heads: 4, keyValueHeads: 2, headSize: 16)
        {
            this.rotary = rotary;
            Norm = new RmsNorm(64, 1e-5, options);
            QueryKeyValue = queryKeyValue;
            Output = output;
            register_module("norm", Norm);
            register_module("query_key_value", queryKeyValue);
            register_module("output", output);
        }

        public RmsNorm Norm { get; }

        /// <summary>Queries, keys and values in one product: 64 to (4 + 2 + 2) · 16 = 128.</summary>
        public LinearLayer QueryKeyValue { get; }

        public LinearLayer Output { get; }

        public override Tensor forward(Tensor x, KeyValueCache? cache)
        {
            using var normalized = Norm.forward(x);
            using var projected = QueryKeyValue.forward(normalized);
            using var heads = projected.view(x.shape[0], x.shape[1], 8, 16);
            using var values = heads.narrow(2, 6, 2);
            // Queries and keys stand side by side and are rotated together.
            using var unrotated = heads.narrow(2, 0, 6);
            using var rotated = rotary.Rotate(unrotated, cache?.Length ?? 0);
            using var queries = rotated.narrow(2, 0, 4);
            using var keys = rotated.narrow(2, 4, 2);
            using var attended = Attend(queries, keys, values, cache);
            return Output.forward(attended);
        }
    }

    /// <summary>Feed-forward: 64 to 256, SiLU, to 64; [batch, sequence, 64] to the same shape.</summary>
    public sealed class FeedForwardLayer : Layer
    {
        internal FeedForwardLayer(LinearLayer up, LinearLayer down, ModelOptions options)
            : base(nameof(FeedForwardLayer))
        {
            Norm = new RmsNorm(64, 1e-5, options);
            Up = up;
            Down = down;
            register_module("norm", Norm);
            register_module("up", up);
            register_module("down", down);
        }

        public RmsNorm Norm { get; }

        public LinearLayer Up { get; }

        public LinearLayer Down { get; }

        public override Tensor forward(Tensor x)
        {
            using var normalized = Norm.forward(x);
            using var hidden = Up.forward(normalized);
            using var activated = nn.functional.silu(hidden);
            return Down.forward(activated);
        }
    }

    /// <summary>What the model costs. Multiply-add counts 2; per token, forward, at the declared context; paper convention.</summary>
    public static class Cost
    {
        /// <summary>Parameters once every guide is gone.</summary>
        public const long Parameters = 178752;

        /// <summary>The same numbers for tools.</summary>
        public static ModelCost Summary { get; } =
            new(
                "SmallTransformer",
                Context: 64,
                Parameters: 178752,
                ForwardFlopsPerToken: 356352,
                ScoreFlopsPerToken: 65536,
                Sublayers:
                [
                    new("Embedding", "embedding", 0, 1, 0, 32768, 0, 0, 0, 0, 0),
                    new("Attention", "attention", 0, 4, 0, 12352, 0, 40960, 16384, 40960, 0),
                    new("FeedForward", "feed-forward", 0, 1, 0, 32832, 0, 65536, 0, 65536, 0),
                    new("FeedForward", "feed-forward", 1, 3, 16, 10304, 32768, 20480, 0, 65536, 3145728),
                    new("FinalNorm", "norm", 0, 1, 0, 64, 0, 0, 0, 0, 0),
                    new("Head", "head", 0, 1, 0, 32768, 0, 65536, 0, 65536, 0),
                ],
                Guides:
                [
                    new(
                        0.5,
                        Guide.Mixed,
                        Schedule.Cosine,
                        Linears: 6,
                        Parameters: 98304,
                        ExtraForwardFlopsPerToken: 135168,
                        ProjectionFlopsPerStep: 9437184
                    ),
                ],
                Run: new(1000000, 16, 16)
            );
    }
}
