using LowRank.Kernels;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Decoding;

/// <summary>
/// The order in which a model reads a token, as generated models state it; a <see cref="Decoder"/> makes it into steps over raw memory.
/// </summary>
internal sealed class DecodingPlan
{
    private readonly List<DecodingStep> steps = [];
    private readonly PreparedWeights weights;
    private readonly DecodingBuffers buffers;
    private readonly ScalarType type;
    private readonly int context;
    private Slot source = Slot.Stream;
    private (Slot From, Slot To, bool Adds) expert;
    private NormLayer? after;

    internal DecodingPlan(IDecodable model, PreparedWeights weights, DecodingBuffers buffers)
    {
        (this.weights, this.buffers) = (weights, buffers);
        (type, context) = (model.Options.EffectiveComputeType, model.Context);
    }

    // A part of a plan with a memory of its own.
    private DecodingPlan(DecodingPlan whole, DecodingBuffers buffers)
    {
        (weights, this.buffers) = (whole.weights, buffers);
        (type, context) = (whole.type, whole.context);
    }

    /// <summary>Whether every layer is of a kind that has steps.</summary>
    internal bool IsComplete { get; private set; } = true;

    /// <summary>What was planned.</summary>
    internal IReadOnlyList<DecodingStep> Steps => steps;

    /// <summary>Begins with the tokens' vectors.</summary>
    /// <param name="tokens">The vectors of the tokens.</param>
    /// <param name="positions">Those of the positions, or null.</param>
    public unsafe void Embed(Embedding tokens, Embedding? positions = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var width = tokens.Weight.shape[1];
        buffers.Widen(Slot.Stream, width);
        buffers.Widen(Slot.Normalized, width);
        var vectors = positions is null ? null : weights.Floats(positions.Weight);
        steps.Add(new EmbeddingStep(weights.Floats(tokens.Weight), vectors, width, (float)tokens.Scale));
    }

    /// <summary>Begins a block.</summary>
    /// <param name="isParallel">Whether its sublayers all read the stream as the block got it.</param>
    public void BeginBlock(bool isParallel)
    {
        source = isParallel ? Slot.BlockInput : Slot.Stream;
        if (!isParallel)
            return;
        buffers.Widen(Slot.BlockInput, buffers.Width(Slot.Stream));
        steps.Add(new CopyStep());
    }

    /// <summary>Begins a sublayer.</summary>
    /// <param name="postNorm">The norm of its output, or null.</param>
    public void BeginSublayer(NormLayer? postNorm)
    {
        after = postNorm;
        if (after is not null)
            buffers.Widen(Slot.Output, buffers.Width(Slot.Stream));
    }

    /// <summary>Ends a sublayer: its output is in the stream.</summary>
    public void EndSublayer()
    {
        if (after is null)
            return;
        steps.Add(new NormStep(after, Slot.Output));
        steps.Add(new AddStep());
        after = null;
    }

    /// <summary>An attention sublayer, added to the stream.</summary>
    /// <param name="attention">Its heads, and the key of its share of the cache.</param>
    /// <param name="norm">The norm before it, or null.</param>
    /// <param name="queryKeyValue">Queries, keys and values side by side.</param>
    /// <param name="output">The output projection.</param>
    /// <param name="rotary">The rotation of queries and keys, or null.</param>
    /// <param name="queryNorm">The norm of the queries, head by head or all together, or null.</param>
    /// <param name="keyNorm">The norm of the keys, or null.</param>
    public void Attend(
        CausalAttention attention,
        NormLayer? norm,
        LinearLayer queryKeyValue,
        LinearLayer output,
        RotaryEmbedding? rotary = null,
        RmsNorm? queryNorm = null,
        RmsNorm? keyNorm = null
    )
    {
        ArgumentNullException.ThrowIfNull(attention);
        ArgumentNullException.ThrowIfNull(queryKeyValue);
        ArgumentNullException.ThrowIfNull(output);
        buffers.Widen(Slot.Wide, queryKeyValue.Outputs);
        buffers.Widen(Slot.Attended, output.Inputs);
        buffers.Widen(Slot.Scores, (long)attention.KeyValueHeads * context);
        Multiply(Read(norm), adds: false, (queryKeyValue, Slot.Wide));
        if (queryNorm is not null && keyNorm is not null && queryNorm.Norm.Width != attention.HeadSize)
        {
            // Over all heads at once: it can't wait for them to be shared among the threads.
            steps.Add(new NormStep(queryNorm, Slot.Wide, offset: 0));
            steps.Add(new NormStep(keyNorm, Slot.Wide, (long)attention.Heads * attention.HeadSize));
            (queryNorm, keyNorm) = (null, null);
        }

        steps.Add(
            type == ScalarType.BFloat16
                ? new AttentionStep<BFloat16Element>(attention, queryNorm, keyNorm, rotary)
                : new AttentionStep<Float32Element>(attention, queryNorm, keyNorm, rotary)
        );
        Deliver(Slot.Attended, output);
    }

    /// <summary>
    /// A latent attention sublayer, added to the stream: queries are taken into the latents' space, so that nothing is expanded but what
    /// they attended to.
    /// </summary>
    /// <param name="layers">Its layers.</param>
    public void AttendLatents(LatentLayers layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (weights.Product(layers.Key) is not { } keys || weights.Product(layers.Value) is not { } values)
        {
            IsComplete = false;
            return;
        }

        var heads = layers.Attention.Heads;
        buffers.Widen(Slot.Wide, layers.Query.Outputs);
        buffers.Widen(Slot.Latent, layers.RowSize);
        buffers.Widen(Slot.Absorbed, heads * layers.RowSize);
        buffers.Widen(Slot.Mixed, heads * layers.Rank);
        buffers.Widen(Slot.Attended, layers.Output.Inputs);
        buffers.Widen(Slot.Scores, (long)heads * context);
        var input = Read(layers.Norm);
        if (layers.QueryDown is null)
            Multiply(input, adds: false, (layers.Query, Slot.Wide), (layers.KeyValueDown, Slot.Latent));
        else
        {
            buffers.Widen(Slot.QueryLatent, layers.QueryDown.Outputs);
            Multiply(input, adds: false, (layers.QueryDown, Slot.QueryLatent), (layers.KeyValueDown, Slot.Latent));
            if (layers.QueryNorm is not null)
                steps.Add(new NormStep(layers.QueryNorm, Slot.QueryLatent, offset: 0));
            Multiply(Slot.QueryLatent, adds: false, (layers.Query, Slot.Wide));
        }

        if (layers.KeyValueNorm is not null)
            steps.Add(new NormStep(layers.KeyValueNorm, Slot.Latent, offset: 0));
        // A bias of the keys would add the same to all scores of a query.
        Add(
            weights
                .HeadsTransposed(keys, heads)
                .Select(
                    (matrix, head) =>
                        new DecodingProduct(
                            matrix,
                            Slot.Wide,
                            head * layers.QuerySize + layers.RotarySize,
                            Slot.Absorbed,
                            head * layers.RowSize,
                            Adds: false
                        )
                )
        );
        steps.Add(
            type == ScalarType.BFloat16 ? new LatentAttentionStep<BFloat16Element>(layers) : new LatentAttentionStep<Float32Element>(layers)
        );
        Add(
            weights
                .Heads(values, layers.Value, heads)
                .Select(
                    (matrix, head) =>
                        new DecodingProduct(
                            matrix,
                            Slot.Mixed,
                            head * layers.Rank,
                            Slot.Attended,
                            (long)head * layers.Attention.ValueSize,
                            Adds: false
                        )
                )
        );
        Deliver(Slot.Attended, layers.Output);
    }

    /// <summary>A feed-forward sublayer, added to the stream.</summary>
    /// <param name="norm">The norm before it, or null.</param>
    /// <param name="activation">The non-linearity of its hidden layer, or of its gate.</param>
    /// <param name="gate">The gate, or null.</param>
    /// <param name="up">The projection to the hidden layer.</param>
    /// <param name="down">The projection back.</param>
    public void FeedForward(NormLayer? norm, Activation activation, LinearLayer? gate, LinearLayer up, LinearLayer down)
    {
        expert = (Read(norm), Target, after is null);
        Expert(activation, gate, up, down);
    }

    /// <summary>A mixture of experts, added to the stream with the weights of its router.</summary>
    /// <param name="norm">The norm before them, or null.</param>
    /// <param name="router">Chooses and weighs.</param>
    /// <param name="experts">The experts, each of which plans itself.</param>
    /// <param name="shared">The one that every token passes through, or null.</param>
    public unsafe void Experts(NormLayer? norm, Router router, IReadOnlyList<Action<DecodingPlan>> experts, Action<DecodingPlan>? shared)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(experts);
        var input = Read(norm);
        buffers.Widen(Slot.Scores, experts.Count);
        var inner = buffers.AddInner();
        inner.Widen(Slot.Stream, buffers.Width(Slot.Stream));
        inner.Widen(Slot.Normalized, buffers.Width(Slot.Stream));
        var plans = experts
            .Select(plan =>
            {
                var part = new DecodingPlan(this, inner) { expert = (Slot.Normalized, Slot.Stream, false) };
                plan(part);
                IsComplete &= part.IsComplete;
                return part.Steps;
            })
            .ToArray();
        var bias = router.BalanceBias is null ? null : weights.Floats(router.BalanceBias);
        steps.Add(
            new ExpertStep(router.Routing, weights.Floats(router.Weight), bias, plans, inner)
            {
                From = input,
                To = Target,
                Adds = after is null,
            }
        );
        expert = (input, Target, true);
        shared?.Invoke(this);
    }

    /// <summary>The hidden layer of a feed-forward sublayer, or of an expert.</summary>
    /// <param name="activation">The non-linearity of its hidden layer, or of its gate.</param>
    /// <param name="gate">The gate, or null.</param>
    /// <param name="up">The projection to the hidden layer.</param>
    /// <param name="down">The projection back.</param>
    public void Expert(Activation activation, LinearLayer? gate, LinearLayer up, LinearLayer down)
    {
        ArgumentNullException.ThrowIfNull(up);
        ArgumentNullException.ThrowIfNull(down);
        buffers.Widen(Slot.Wide, up.Outputs);
        if (gate is null)
            Multiply(expert.From, adds: false, (up, Slot.Wide));
        else
        {
            buffers.Widen(Slot.Up, up.Outputs);
            Multiply(expert.From, adds: false, (gate, Slot.Wide), (up, Slot.Up));
        }

        steps.Add(new ActivationStep(activation, Slot.Wide, offset: 0, up.Outputs, isGated: gate is not null));
        Multiply(Slot.Wide, expert.Adds, (down, expert.To));
    }

    /// <summary>A sublayer that has no steps: single tokens are read through the layers.</summary>
    public void ReadThroughLayers() => IsComplete = false;

    /// <summary>The norm behind the last block.</summary>
    /// <param name="norm">The norm.</param>
    public void Finish(NormLayer norm)
    {
        source = Slot.Stream;
        steps.Add(new NormStep(norm, source));
    }

    /// <summary>The head.</summary>
    /// <param name="weight"><c>[vocabulary, width]</c>.</param>
    /// <param name="form">What becomes of its products.</param>
    internal void Head(Tensor weight, in LogitForm form)
    {
        buffers.Widen(Slot.Logits, weight.shape[0]);
        Add([new(weights.Matrix(weight, null), Slot.Normalized, 0, Slot.Logits, 0, Adds: false)]);
        if (!form.IsPlain)
            steps.Add(new LogitStep(form));
    }

    // Where a sublayer finds its input.
    private Slot Read(NormLayer? norm)
    {
        if (norm is null)
            return source;
        steps.Add(new NormStep(norm, source));
        return Slot.Normalized;
    }

    // Where a sublayer's output goes: it is added to the stream unless a norm stands between.
    private Slot Target => after is null ? Slot.Stream : Slot.Output;

    // A sublayer's last product.
    private void Deliver(Slot from, LinearLayer layer) => Multiply(from, adds: after is null, (layer, Target));

    // Layers over the same input: the first factors of all of them together with whole matrices, then the second factors.
    private void Multiply(Slot from, bool adds, params ReadOnlySpan<(LinearLayer Layer, Slot To)> layers)
    {
        var (first, second) = (new List<DecodingProduct>(), new List<DecodingProduct>());
        var between = new List<DecodingStep>();
        var inner = 0L;
        foreach (var (layer, to) in layers)
        {
            var offset = 0L;
            foreach (var part in layer is ConcatenatedLinear joined ? joined.Parts : [layer])
            {
                switch (part)
                {
                    case Linear linear:
                        first.Add(new(weights.Matrix(linear.Weight, linear.Bias), from, 0, to, offset, adds));
                        break;
                    case LowRankLinear { EffectiveWeight: { } effective } guided:
                        first.Add(new(weights.Matrix(effective, guided.Bias), from, 0, to, offset, adds));
                        break;
                    case LowRankLinear merged when weights.IsMerged(merged):
                        first.Add(new(weights.Matrix(merged.MergedWeight!, merged.Bias), from, 0, to, offset, adds));
                        break;
                    case LowRankLinear factored:
                        first.Add(new(weights.Matrix(factored.V, null), from, 0, Slot.Inner, inner, Adds: false));
                        if (factored.Factors.Activation is { } activation)
                            between.Add(new ActivationStep(activation, Slot.Inner, inner, factored.Rank, isGated: false));
                        second.Add(new(weights.SecondFactor(factored), Slot.Inner, inner, to, offset, adds));
                        inner += factored.Rank;
                        break;
                    default:
                        IsComplete = false;
                        break;
                }

                offset += part.Outputs;
            }
        }

        buffers.Widen(Slot.Inner, inner);
        Add(first);
        steps.AddRange(between);
        if (second.Count > 0)
            Add(second);
    }

    private void Add(IEnumerable<DecodingProduct> products) =>
        steps.Add(type == ScalarType.BFloat16 ? new ProductStep<BFloat16Element>(products) : new ProductStep<Float32Element>(products));
}
