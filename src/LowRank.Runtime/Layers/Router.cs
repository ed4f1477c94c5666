using System.ComponentModel;
using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// The router of a mixture of experts: a score of every expert for every token, by a linear map without bias, in 32-bit floats at least
/// (whatever type the experts compute in). It is no <see cref="LinearLayer"/>: it is never factored or adapted, and AdamW trains it, as its
/// rows are one vector for each expert, like those of a head.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Router : Layer
{
    /// <summary>The registered name of the balancing bias.</summary>
    internal const string BiasName = "balance_bias";

    // What keeps a sum of sigmoids from being zero, as in DeepSeek-V3; far below the last digit of any sum of softmax scores.
    private const double Least = 1e-20;

    /// <summary>Allocates the router; <see cref="InitialWeights"/> draws its weight.</summary>
    /// <param name="width">Size of a token's vector.</param>
    /// <param name="experts">Number of experts.</param>
    /// <param name="routing">How it chooses and weighs.</param>
    /// <param name="options">Device and type of the parameters.</param>
    public Router(long width, int experts, RoutingOptions routing, ModelOptions options)
        : base(nameof(Router))
    {
        ArgumentNullException.ThrowIfNull(routing);
        ArgumentNullException.ThrowIfNull(options);
        Routing = routing;
        Weight = new Parameter(zeros(experts, width, dtype: options.DataType, device: options.Device));
        register_parameter("weight", Weight);
        if (routing.BiasStep == 0)
            return;
        BalanceBias = zeros(experts, dtype: options.DataType, device: options.Device);
        register_buffer(BiasName, BalanceBias);
    }

    /// <summary>How it chooses and weighs.</summary>
    internal RoutingOptions Routing { get; }

    /// <summary>Number of experts.</summary>
    internal int Experts => (int)Weight.shape[0];

    /// <summary>A row for each expert: <c>[experts, width]</c>.</summary>
    public Parameter Weight { get; }

    /// <summary>
    /// What is added to the scores where experts are chosen, <c>[experts]</c>, and moved against their loads; null where nothing is. No
    /// parameter: no optimizer trains it, but it is saved with the weights.
    /// </summary>
    public Tensor? BalanceBias { get; }

    /// <summary>The type of logits, scores and weights.</summary>
    internal ScalarType ScoreType => Weight.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Forward FLOPs per token; a multiply-add counts 2.</summary>
    internal long ForwardFlopsPerToken => 2 * Weight.NumberOfElements;

    /// <summary>FLOPs per token of the backward pass: the gradients of input and weight, the latter unless it is frozen.</summary>
    internal long BackwardFlopsPerToken => (Weight.requires_grad ? 4 : 2) * Weight.NumberOfElements;

    /// <summary>The logits: <c>[rows, width]</c> to <c>[rows, experts]</c>, in <see cref="ScoreType"/>.</summary>
    /// <param name="input">The tokens.</param>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var rows = input.to(ScoreType);
        using var weight = Weight.to(ScoreType);
        return nn.functional.linear(rows, weight);
    }

    /// <summary>The scores of all experts.</summary>
    /// <param name="logits"><c>[rows, experts]</c>.</param>
    internal Tensor Scores(Tensor logits) => Routing.Score == RouterScore.Sigmoid ? logits.sigmoid() : nn.functional.softmax(logits, -1);

    /// <summary>The experts of every token, the best first: int64 <c>[rows, active]</c>. Of equal ones the lower index is better.</summary>
    /// <param name="scores"><c>[rows, experts]</c>.</param>
    internal Tensor Choose(Tensor scores)
    {
        using var noGradient = no_grad();
        using var bias = BalanceBias?.to(scores.dtype);
        using var values = bias is null ? scores.detach() : scores.Plus(bias);
        var (sorted, order) = sort(values, -1, descending: true, stable: true);
        using (sorted)
        using (order)
        using (var best = order.narrow(1, 0, Routing.Active))
            return best.contiguous();
    }

    /// <summary>The weights of the chosen experts, <c>[rows, active]</c>.</summary>
    /// <param name="scores"><c>[rows, experts]</c>.</param>
    /// <param name="chosen">What <see cref="Choose"/> returned.</param>
    internal Tensor Weights(Tensor scores, Tensor chosen)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var raw = scores.gather(1, chosen);
        if (!Routing.NormalizeWeights)
            return raw.Times(Routing.WeightScale);
        using var total = TotalOf(raw);
        using var shares = raw.div(total);
        return shares.Times(Routing.WeightScale);
    }

    /// <summary>
    /// The backward pass from the weights to the logits: <c>[rows, experts]</c>. With a share of each token in a balancing loss, its
    /// gradient is added: <paramref name="balance"/> is what a score's own is, before the scores are divided by their sum.
    /// </summary>
    /// <param name="scores"><c>[rows, experts]</c>.</param>
    /// <param name="chosen">Int64 <c>[rows, active]</c>.</param>
    /// <param name="gradient">Gradient of the weights, <c>[rows, active]</c>.</param>
    /// <param name="balance">Gradient of the scores' shares by the balancing loss, <c>[rows, experts]</c>; null for none.</param>
    internal Tensor LogitGradient(Tensor scores, Tensor chosen, Tensor gradient, Tensor? balance)
    {
        ArgumentNullException.ThrowIfNull(scores);
        using var scaled = gradient.Times(Routing.WeightScale);
        using var raw = Routing.NormalizeWeights ? NormalizedGradient(scores, chosen, scaled) : scaled.alias();
        using var sum = zeros(scores.shape, scores.dtype, scores.device);
        sum.scatter_(1, chosen, raw);
        if (balance is not null)
        {
            using var ofShares = Routing.Score == RouterScore.Sigmoid ? ShareGradient(scores, balance) : balance.alias();
            sum.AddInPlace(ofShares);
        }

        var weighed = sum.mul(scores);
        if (Routing.Score == RouterScore.Sigmoid)
        {
            // ∂ ⊙ s ⊙ (1 − s)
            weighed.AddProductInPlace(weighed, scores, -1);
            return weighed;
        }

        // s ⊙ (∂ − Σ ∂·s)
        using var mean = weighed.sum(1, keepdim: true);
        weighed.AddProductInPlace(scores, mean, -1);
        return weighed;
    }

    /// <summary>The scores as shares of 1, <c>[rows, experts]</c>: what a balancing loss averages.</summary>
    /// <param name="scores"><c>[rows, experts]</c>.</param>
    internal Tensor Shares(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (Routing.Score == RouterScore.Softmax)
            return scores.alias();
        using var total = TotalOf(scores);
        return scores.div(total);
    }

    /// <summary>Moves the balancing bias against the loads, by one step for every expert that has not the mean load.</summary>
    /// <param name="loads">How often each expert was chosen: float64 <c>[experts]</c>.</param>
    internal void Rebalance(Tensor loads)
    {
        if (BalanceBias is null)
            return;
        using var noGradient = no_grad();
        using var mean = loads.mean();
        using var lack = mean.sub(loads);
        using var sign = lack.sign();
        BalanceBias.AddInPlace(sign, Routing.BiasStep);
    }

    private static Tensor TotalOf(Tensor scores)
    {
        using var sum = scores.sum(1, keepdim: true);
        return sum.Plus(Least);
    }

    // w = r/Σr: ∂r = (∂w − Σ ∂w·w)/Σr.
    private static Tensor NormalizedGradient(Tensor scores, Tensor chosen, Tensor gradient)
    {
        using var raw = scores.gather(1, chosen);
        using var total = TotalOf(raw);
        using var shares = raw.div(total);
        return ThroughShares(gradient, shares, total);
    }

    private static Tensor ShareGradient(Tensor scores, Tensor gradient)
    {
        using var total = TotalOf(scores);
        using var shares = scores.div(total);
        return ThroughShares(gradient, shares, total);
    }

    private static Tensor ThroughShares(Tensor gradient, Tensor shares, Tensor total)
    {
        using var products = gradient.mul(shares);
        using var mean = products.sum(1, keepdim: true);
        using var centered = gradient.sub(mean);
        return centered.div(total);
    }
}
