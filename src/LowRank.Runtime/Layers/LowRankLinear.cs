using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A factored linear layer <c>y = U(Vx) + b</c> with, for the first part of training, a full-size guide W beside the factors:
/// <c>y = αWx + (1−α)U(Vx) + b</c> (Wei et al., 2024). The blend is computed as one dense product through the effective weight
/// <c>E = αW + (1−α)UV</c>, formed once per optimiser step; its gradient is projected onto W, U and V before the optimiser step.
/// Outputs and gradients are those of the two branches, at the cost of one dense layer plus 6·rank·inputs·outputs FLOPs a step.
/// </summary>
/// <remarks>
/// The order in a training step: <see cref="Blend"/>, any number of forward and backward passes, <see cref="ProjectGradients"/>, the
/// optimiser. When α reaches 0, <see cref="ReleaseGuide"/>.
/// </remarks>
public sealed class LowRankLinear : LinearLayer
{
    private Tensor? effective;
    private Tensor? effectiveGradient;
    private Tensor? innerGradient;
    private double alpha;

    /// <summary>Allocates the layer; <see cref="Initialization"/> draws its weights.</summary>
    /// <param name="inputs">Size of the last dimension of the input.</param>
    /// <param name="outputs">Size of the last dimension of the output.</param>
    /// <param name="rank">Inner size of the factors.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="guide">Whether a full-size guide stands beside the factors at first.</param>
    /// <param name="options">Device and type of the parameters.</param>
    public LowRankLinear(long inputs, long outputs, int rank, bool bias, bool guide, ModelOptions options)
        : base(nameof(LowRankLinear), inputs, outputs)
    {
        ArgumentNullException.ThrowIfNull(options);
        U = new Parameter(zeros(outputs, rank, dtype: options.DataType, device: options.Device));
        V = new Parameter(zeros(rank, inputs, dtype: options.DataType, device: options.Device));
        register_parameter("u", U);
        register_parameter("v", V);
        if (bias)
        {
            Bias = new Parameter(zeros(outputs, dtype: options.DataType, device: options.Device));
            register_parameter("bias", Bias);
        }

        if (guide)
        {
            Guide = new Parameter(zeros(outputs, inputs, dtype: options.DataType, device: options.Device));
            register_parameter("guide", Guide);
        }
    }

    /// <summary>Raised once, before the guide's tensors are disposed: whoever holds gradients or moments of the guide frees them.</summary>
    public event EventHandler? GuideReleased;

    /// <summary>U: <c>[outputs, rank]</c>.</summary>
    public Parameter U { get; }

    /// <summary>V: <c>[rank, inputs]</c>.</summary>
    public Parameter V { get; }

    /// <summary>b: <c>[outputs]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>W: <c>[outputs, inputs]</c>, or null where there is no guide, or none any more.</summary>
    public Parameter? Guide { get; private set; }

    /// <summary>E: <c>[outputs, inputs]</c>, a leaf with its own gradient, or null while the layer computes through its factors.</summary>
    public Tensor? EffectiveWeight => UsesEffectiveWeight ? effective : null;

    /// <summary>Whether forward goes through the effective weight; otherwise through the factors.</summary>
    public bool UsesEffectiveWeight { get; private set; }

    /// <summary>Inner size of the factors.</summary>
    public int Rank => (int)V.shape[0];

    /// <inheritdoc/>
    public override long ForwardFlopsPerToken =>
        2 * (UsesEffectiveWeight ? effective!.NumberOfElements : U.NumberOfElements + V.NumberOfElements);

    /// <inheritdoc/>
    public override long BackwardFlopsPerToken => (UsesEffectiveWeight || U.requires_grad ? 2 : 1) * ForwardFlopsPerToken;

    /// <summary>FLOPs of the current optimiser step beside its tokens: 2·r·m·n for each of UV, ∂U and ∂V; 0 through the factors.</summary>
    public long ProjectionFlops => UsesEffectiveWeight ? 6 * Rank * Inputs * Outputs : 0;

    /// <summary>Lists the layer among those that one declaration factors.</summary>
    /// <param name="group">Where it is listed.</param>
    /// <returns>The layer itself.</returns>
    public LowRankLinear AddTo(ICollection<LowRankLinear> group)
    {
        ArgumentNullException.ThrowIfNull(group);
        group.Add(this);
        return this;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (UsesEffectiveWeight)
            return Product(input, effective!, Bias);
        using var inner = Product(input, V, null);
        return Product(inner, U, Bias);
    }

    /// <summary>
    /// Prepares an optimiser step: forms the effective weight <c>E = αW + (1−α)UV</c>, outside autograd. Without a guide it does nothing.
    /// </summary>
    /// <param name="alpha">α, in [0, 1].</param>
    /// <param name="drawn">
    /// Whether a sampled guide takes part in this step. If not, the layer computes through its factors and the guide gets no gradient.
    /// </param>
    public void Blend(double alpha, bool drawn = true)
    {
        if (Guide is null)
            return;
        UsesEffectiveWeight = drawn;
        if (!drawn)
            return;

        this.alpha = alpha;
        using var noGradient = no_grad();
        if (effective is null)
        {
            effective = empty_like(Guide).DetachFromDisposeScope();
            effective.requires_grad = true;
            if (effectiveGradient is not null)
                effective.grad = effectiveGradient;
        }

        // (1−α) is multiplied into the small factor, since addmm takes its own factors in single precision only.
        using var scaledV = V.mul(1 - alpha);
        effective.copy_(Guide).mul_(alpha).addmm_(U, scaledV, 1, 1);
    }

    /// <summary>
    /// Turns the gradient G of the effective weight, accumulated over the step's micro-batches, into those of the parameters:
    /// <c>∂W = αG</c>, <c>∂U = (1−α)GVᵀ</c>, <c>∂V = (1−α)UᵀG</c>. They are added to what <c>grad</c> holds; G is used up.
    /// Does nothing while the layer computes through its factors, whose gradients come from autograd.
    /// </summary>
    public void ProjectGradients()
    {
        if (!UsesEffectiveWeight || Guide is null)
            return;
        using var gradient = effective!.grad;
        if (gradient is null)
            return;

        using var noGradient = no_grad();
        using (var scaledV = V.mul(1 - alpha))
        using (var right = scaledV.t())
        using (var left = gradient.t())
            GradientMemory.AddProduct(U, left, right);
        using (var scaledU = U.mul(1 - alpha))
            GradientMemory.AddProduct(V, scaledU, gradient);

        gradient.mul_(alpha);
        if (effectiveGradient is not null)
            return; // Guide.grad is this very memory.
        using (var guideGradient = GradientMemory.Of(Guide))
            GradientMemory.Add(guideGradient, gradient);
        gradient.zero_();
    }

    /// <summary>
    /// Lets the gradient of the effective weight and that of the guide share one memory: G is accumulated there and becomes ∂W in place.
    /// </summary>
    /// <param name="gradient"><c>[outputs, inputs]</c>, of the parameters' type. Stays the caller's.</param>
    /// <exception cref="InvalidOperationException">The layer has no guide.</exception>
    public void ShareGuideGradient(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (Guide is null)
            throw new InvalidOperationException("The layer has no guide.");
        effectiveGradient?.Dispose();
        effectiveGradient = gradient.alias().DetachFromDisposeScope();
        Guide.grad = effectiveGradient;
        if (effective is not null)
            effective.grad = effectiveGradient;
    }

    /// <summary>Computes through the factors from now on and frees the guide, its gradient and the effective weight.</summary>
    public void ReleaseGuide()
    {
        if (Guide is null)
            return;
        UsesEffectiveWeight = false;
        GuideReleased?.Invoke(this, EventArgs.Empty);
        ConditionallyRegisterParameter("guide", (Parameter?)null);
        effective?.Dispose();
        effectiveGradient?.Dispose();
        Guide.Dispose();
        (effective, effectiveGradient, Guide) = (null, null, null);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            effective?.Dispose();
            effectiveGradient?.Dispose();
            innerGradient?.Dispose();
        }

        base.Dispose(disposing);
    }

    internal override Tensor Multiply(Tensor rows, Tape tape)
    {
        if (UsesEffectiveWeight)
            return Product(rows, effective!, Bias, tape);
        var inner = Product(rows, V, null, tape);
        tape.Keep(inner);
        return Product(inner, U, Bias, tape);
    }

    internal override void MultiplyInto(Tensor rows, Tape tape, Tensor place)
    {
        if (UsesEffectiveWeight)
        {
            ProductInto(rows, effective!, Bias, tape, place);
            return;
        }

        var inner = Product(rows, V, null, tape);
        tape.Keep(inner);
        ProductInto(inner, U, Bias, tape, place);
    }

    internal override Tensor MultiplyBack(Tensor gradient, Tape tape, Tensor? into)
    {
        if (UsesEffectiveWeight)
            return ProductBack(gradient, effective!, tape, into);
        using var inner = tape.Take();
        GradientMemory.AddProduct(U, gradient, inner);
        // Kept for the gradient of V, which needs the input.
        innerGradient = gradient.mm(tape.Weight(U, gradient.dtype)).DetachFromDisposeScope();
        return ProductBack(innerGradient, V, tape, into);
    }

    internal override void AddWeights(Tensor gradient, Tensor input)
    {
        if (Bias is not null)
            GradientMemory.AddSum(Bias, gradient);
        if (UsesEffectiveWeight)
        {
            GradientMemory.AddProduct(effective!, gradient, input);
            return;
        }

        using (innerGradient)
            GradientMemory.AddProduct(V, innerGradient!, input);
        innerGradient = null;
    }
}
