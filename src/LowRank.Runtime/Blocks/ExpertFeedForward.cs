using System.ComponentModel;
using LowRank.Decoding;
using LowRank.Kernels;
using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// A mixture of experts with the norms before and after it: <c>shared(n) + Σ wᵢ·expertᵢ(n)</c> with <c>n = norm(x)</c>, over the experts
/// that the
/// router chooses for each token. Tokens are sorted by expert, and every expert multiplies its own rows alone. Generated layers derive from
/// it and write down their forward pass.
/// </summary>
/// <remarks>
/// The balancing loss is a loss of each sequence, <c>count·Σ fᵢ·Pᵢ</c> with f the share of the sequence's choices that an expert has and P
/// its mean score: so a step is the same however its sequences are divided among micro-batches and ranks. Its gradient is added in the
/// backward pass of training, weighed as the tokens' losses are (<see cref="Tape.LossScale"/>); it is no part of the reported loss.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ExpertFeedForward : Layer, ISublayer, ILinearHost
{
    private readonly SublayerNorms norms;
    private readonly RoutingOptions routing;
    private readonly Tensor statistics;

    /// <summary>Registers the layers.</summary>
    /// <param name="name">The layer's name in error messages.</param>
    /// <param name="norm">The norm before the sublayer, or null.</param>
    /// <param name="routing">How experts are chosen and weighed.</param>
    /// <param name="experts">The experts among which is chosen.</param>
    /// <param name="shared">The one that every token passes through, or null.</param>
    /// <param name="options">Device and types of the router.</param>
    /// <param name="postNorm">The norm of the output, before it is added to the stream, or null.</param>
    protected ExpertFeedForward(
        string name,
        NormLayer? norm,
        RoutingOptions routing,
        IReadOnlyList<Expert> experts,
        Expert? shared,
        ModelOptions options,
        NormLayer? postNorm = null
    )
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(experts);
        ArgumentNullException.ThrowIfNull(options);
        (this.routing, norms, Experts, SharedExpert) = (routing, new(norm, postNorm), experts, shared);
        Router = new Router(experts[0].Up.Inputs, experts.Count, routing, options);
        statistics = zeros(experts.Count + 1, ScalarType.Float64, options.Device).DetachFromDisposeScope();
        if (norm is not null)
            register_module("norm", norm);
        register_module("router", Router);
        register_module("experts", new ModuleList<Expert>([.. experts]));
        if (shared is not null)
            register_module("shared", shared);
        if (postNorm is not null)
            register_module("post_norm", postNorm);
    }

    /// <summary>The norm before the sublayer.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer Norm => norms.Before;

    /// <summary>The norm of the output, before it is added to the stream.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NormLayer PostNorm => norms.After;

    /// <inheritdoc/>
    NormLayer? ISublayer.PostNorm => norms.AfterOrNull;

    /// <summary>The norms before and after.</summary>
    private protected SublayerNorms Norms => norms;

    /// <summary>The stream in the type of the products, for a sublayer without a norm before it.</summary>
    /// <param name="x"><c>[batch, sequence, width]</c>.</param>
    protected Tensor InProductType(Tensor x) => norms.InProductType(x);

    /// <summary>Chooses and weighs.</summary>
    public Router Router { get; }

    /// <summary>The experts among which is chosen.</summary>
    public IReadOnlyList<Expert> Experts { get; }

    /// <summary>The one that every token passes through.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    protected Expert Shared => SharedExpert ?? throw new InvalidOperationException("This mixture has no shared experts.");

    /// <summary>The one that every token passes through, or null.</summary>
    internal Expert? SharedExpert { get; }

    /// <summary>
    /// What the backward passes of the optimizer step have counted: how often each expert was chosen, and last the balancing losses of the
    /// sequences, summed. Float64 <c>[experts + 1]</c>, on the device.
    /// </summary>
    internal Tensor Statistics => statistics;

    /// <summary>
    /// Forward FLOPs per token, as the layers compute now: those of the active experts. Unequal ones count with their mean.
    /// </summary>
    internal long ForwardFlopsPerToken =>
        Router.ForwardFlopsPerToken
        + Experts.Sum(expert => expert.ForwardFlopsPerRow) * routing.Active / Experts.Count
        + (SharedExpert?.ForwardFlopsPerRow ?? 0);

    /// <summary>FLOPs per token of the backward pass, as the layers compute now.</summary>
    internal long BackwardFlopsPerToken =>
        Router.BackwardFlopsPerToken
        + Experts.Sum(expert => expert.BackwardFlopsPerRow) * routing.Active / Experts.Count
        + (SharedExpert?.BackwardFlopsPerRow ?? 0);

    /// <inheritdoc/>
    Tensor ISublayer.Record(ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        using var input = norms.Record(stream, tape);
        using var rows = input.view(-1, input.shape[^1]);
        using var sum = Zeros(rows, Router.ScoreType);
        if (SharedExpert is not null)
        {
            using var shared = ActivationMemory.EmptyLike(rows);
            SharedExpert.Record(rows, tape, shared);
            GradientMemory.Add(sum, shared);
        }

        using var logits = Router.forward(rows);
        var scores = Router.Scores(logits);
        var chosen = Router.Choose(scores);
        using (var weights = Router.Weights(scores, chosen))
        using (var dispatch = Dispatch.Of(chosen, Experts.Count))
        {
            var outputs = RecordExperts(rows, dispatch, tape);
            AddWeighed(sum, outputs, weights, dispatch);
            tape.KeepAlias(rows);
            tape.Keep(scores);
            tape.Keep(chosen);
            tape.Keep(outputs);
        }

        using var output = sum.dtype == rows.dtype ? sum.alias() : ActivationMemory.Cast(sum, rows.dtype);
        return output.view(input.shape);
    }

    /// <inheritdoc/>
    void ISublayer.Backward(Tensor upstream, StreamGradient gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(tape);
        using var upstreamRows = upstream.reshape(-1, upstream.shape[^1]);
        using var outputs = tape.Take();
        using var chosen = tape.Take();
        using var scores = tape.Take();
        using var rows = tape.Take();
        using var dispatch = Dispatch.Of(chosen, Experts.Count);
        using var weights = Router.Weights(scores, chosen);
        using var balance = Balance(scores, chosen, upstream.shape[0], tape.LossScale);
        using var sum = Zeros(rows, Router.ScoreType);
        using (var weightGradient = ExpertsBackward(upstreamRows, outputs, rows, weights, dispatch, tape, sum))
        using (var logitGradient = Router.LogitGradient(scores, chosen, weightGradient, balance))
            RouterBackward(logitGradient, rows, sum);
        using var rowGradient = sum.dtype == rows.dtype ? sum.alias() : ActivationMemory.Cast(sum, rows.dtype);
        SharedExpert?.Backward(upstreamRows, rows, tape, rowGradient);
        using var inputGradient = rowGradient.view(upstream.shape);
        norms.Backward(inputGradient, gradient, tape);
    }

    /// <inheritdoc/>
    void ISublayer.PlanDecoding(DecodingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Experts(
            norms.BeforeOrNull,
            Router,
            [.. Experts.Select(expert => (Action<DecodingPlan>)expert.PlanDecoding)],
            SharedExpert is null ? null : SharedExpert.PlanDecoding
        );
    }

    /// <inheritdoc/>
    void ILinearHost.Replace(string name, LinearLayer layer) =>
        throw new ArgumentException($"There is no linear layer '{name}': those of a mixture are its experts'.", nameof(name));

    /// <summary>Ends an optimizer step: moves the balancing bias against the loads, and forgets them.</summary>
    internal void CompleteStep()
    {
        if (Router.Weight.requires_grad)
        {
            using var loads = statistics.narrow(0, 0, Experts.Count);
            Router.Rebalance(loads);
        }

        statistics.zero_();
    }

    /// <summary>Forgets what was counted, where a step is skipped.</summary>
    internal void ForgetStep() => statistics.zero_();

    /// <summary>
    /// Sends every row to its experts and adds their weighed outputs, in tensor operations, which autograd differentiates. The choice is
    /// that of a recorded pass; loads are not counted.
    /// </summary>
    /// <param name="input">What the sublayer reads, <c>[…, width]</c>.</param>
    /// <returns>The same shape.</returns>
    protected Tensor Route(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var rows = input.reshape(-1, input.shape[^1]);
        using var logits = Router.forward(rows);
        using var scores = Router.Scores(logits);
        using var chosen = Router.Choose(scores);
        using var weights = Router.Weights(scores, chosen);
        using var dispatch = Dispatch.Of(chosen, Experts.Count);
        using var sorted = dispatch.Gather(rows);
        var parts = new List<Tensor>();
        foreach (var (expert, first, count) in dispatch.Runs)
        {
            using var own = sorted.narrow(0, first, count);
            parts.Add(Experts[expert].forward(own));
        }

        using var outputs = cat(parts, 0);
        foreach (var part in parts)
            part.Dispose();
        Tensor? sum = null;
        for (var slot = 0; slot < routing.Active; slot++)
        {
            using var before = sum;
            using var own = dispatch.Select(outputs, slot);
            using var weight = weights.narrow(1, slot, 1);
            using var weighed = own.mul(weight);
            sum = before is null ? weighed.alias() : before.Plus(weighed);
        }

        using var whole = sum!;
        using var cast = whole.to(input.dtype);
        return cast.view(input.shape);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            statistics.Dispose();
        base.Dispose(disposing);
    }

    private static Tensor Zeros(Tensor like, ScalarType type)
    {
        var zeros = ActivationMemory.Empty(like.shape, type, like.device);
        zeros.zero_();
        return zeros;
    }

    // What the experts make of their rows, [tokens·active, width], sorted as the rows are.
    private Tensor RecordExperts(Tensor rows, Dispatch dispatch, Tape tape)
    {
        using var sorted = dispatch.Gather(rows);
        var outputs = ActivationMemory.EmptyLike(sorted);
        foreach (var (expert, first, count) in dispatch.Runs)
        {
            using var own = sorted.narrow(0, first, count);
            using var place = outputs.narrow(0, first, count);
            Experts[expert].Record(own, tape, place);
        }

        return outputs;
    }

    private void AddWeighed(Tensor sum, Tensor outputs, Tensor weights, Dispatch dispatch)
    {
        for (var slot = 0; slot < routing.Active; slot++)
        {
            using var own = dispatch.Select(outputs, slot);
            using var weight = weights.narrow(1, slot, 1);
            sum.AddProductInPlace(own, weight, 1);
        }
    }

    // Adds the rows' gradient through the experts to a sum, and returns that of the weights, [tokens, active].
    private Tensor ExpertsBackward(Tensor upstream, Tensor outputs, Tensor rows, Tensor weights, Dispatch dispatch, Tape tape, Tensor sum)
    {
        using var gradients = dispatch.Gather(upstream);
        Tensor weightGradient;
        using (var products = gradients.mul(outputs))
        using (var sums = products.sum([1L], type: Router.ScoreType))
            weightGradient = dispatch.ByToken(sums);
        using (var sortedWeights = dispatch.Sorted(weights))
            gradients.mul_(sortedWeights);
        using var sorted = dispatch.Gather(rows);
        using var sortedGradient = Zeros(sorted, sorted.dtype);
        // Backwards, since the last expert's leavings lie on top of the tape.
        foreach (var (expert, first, count) in dispatch.Runs.Reverse())
        {
            using var own = sorted.narrow(0, first, count);
            using var ownGradient = gradients.narrow(0, first, count);
            using var place = sortedGradient.narrow(0, first, count);
            Experts[expert].Backward(ownGradient, own, tape, place);
        }

        for (var slot = 0; slot < routing.Active; slot++)
        {
            using var own = dispatch.Select(sortedGradient, slot);
            GradientMemory.Add(sum, own);
        }

        return weightGradient;
    }

    private void RouterBackward(Tensor logitGradient, Tensor rows, Tensor sum)
    {
        using var weight = Router.Weight.detach();
        using var cast = weight.to(Router.ScoreType);
        sum.addmm_(logitGradient, cast, 1, 1);
        if (!Router.Weight.requires_grad)
            return;
        using var input = rows.to(Router.ScoreType);
        using var gradient = GradientMemory.Of(Router.Weight);
        using var transposed = logitGradient.t();
        using var added = transposed.mm(input);
        GradientMemory.Add(gradient, added);
    }

    // Counts what was chosen, and returns the gradient of the scores' shares by the balancing loss; null for none.
    private Tensor? Balance(Tensor scores, Tensor chosen, long sequences, double scale)
    {
        if (scale == 0)
            return null;
        var length = scores.shape[0] / sequences;
        using var marks = zeros(scores.shape, scores.dtype, scores.device);
        using var ones = ones_like(chosen, dtype: scores.dtype);
        marks.scatter_(1, chosen, ones);
        using var bySequence = marks.view(sequences, length, Experts.Count);
        using var counts = bySequence.sum([1L], keepdim: true, type: ScalarType.Float64);
        using var loads = counts.sum([0L, 1L]);
        using (var counted = statistics.narrow(0, 0, Experts.Count))
            counted.AddInPlace(loads);
        AddBalanceLoss(scores, counts, sequences, length);
        if (routing.BalanceWeight == 0)
            return null;
        // ∂/∂p = weight·count·f/length for each sequence, and a sequence has length·scale of the step's loss.
        var factor = routing.BalanceWeight * Experts.Count * scale / (routing.Active * (double)length);
        using var shares = counts.Times(factor);
        using var cast = shares.to(scores.dtype);
        using var spread = cast.expand(sequences, length, Experts.Count);
        return spread.reshape(scores.shape);
    }

    // count·Σ f·P of every sequence, for the log.
    private void AddBalanceLoss(Tensor scores, Tensor counts, long sequences, long length)
    {
        using var shares = Router.Shares(scores);
        using var bySequence = shares.view(sequences, length, Experts.Count);
        using var totals = bySequence.sum([1L], keepdim: true, type: ScalarType.Float64);
        using var products = totals.mul(counts);
        using var loss = products.sum();
        using var place = statistics.narrow(0, Experts.Count, 1);
        place.AddInPlace(loss, Experts.Count / ((double)routing.Active * length * length));
    }
}
