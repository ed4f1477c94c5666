using LowRank.Costs;
using LowRank.Kernels;
using LowRank.Reparameterization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A factored linear layer <c>y = U(Vx) + b</c> with, for the first part of training, a full-size guide W beside the factors:
/// <c>y = αWx + (1−α)U(Vx) + b</c> (Wei et al., 2024). The blend is computed as one dense product through the effective weight
/// <c>E = αW + (1−α)UV</c>, formed once per optimiser step; its gradient is projected onto W, U and V before the optimiser step.
/// Outputs and gradients are those of the two branches, at the cost of one dense layer plus 6·rank·inputs·outputs FLOPs a step.
/// <see cref="FactorOptions"/> says what may stand around the factors; with a residual, U is <c>U′ = U + (1/√K)·[I; I; …]</c> wherever the
/// layer computes.
/// </summary>
/// <remarks>
/// The order in a training step: <see cref="Blend"/>, any number of forward and backward passes, <see cref="ProjectGradients"/>, the
/// optimiser, <see cref="CompleteStep"/>. When α reaches 0, <see cref="ReleaseGuide"/>.
/// </remarks>
public sealed class LowRankLinear : LinearLayer
{
    private readonly ScalarType productType;
    private Tensor? effective;
    private Tensor? effectiveGradient;
    private Tensor? innerGradient;
    private double alpha;
    private Tensor? merged;
    private int mergers;

    /// <summary>Allocates the layer; <see cref="InitialWeights"/> draws its weights.</summary>
    /// <param name="inputs">Size of the last dimension of the input.</param>
    /// <param name="outputs">Size of the last dimension of the output.</param>
    /// <param name="rank">Inner size of the factors.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="guide">Whether a full-size guide stands beside the factors at first.</param>
    /// <param name="options">Device and type of the parameters.</param>
    /// <param name="factors">What stands around the factors; null for the defaults.</param>
    /// <exception cref="ArgumentException">An activation stands between the factors together with what assumes a product.</exception>
    public LowRankLinear(long inputs, long outputs, int rank, bool bias, bool guide, ModelOptions options, FactorOptions? factors = null)
        : base(nameof(LowRankLinear), inputs, outputs)
    {
        ArgumentNullException.ThrowIfNull(options);
        Factors = factors ?? new FactorOptions();
        productType = options.EffectiveComputeType;
        if (Factors.Activation is not null && (guide || Factors is not { Residual: false, RebalanceEvery: 0, ProductDecay: 0, Initialization: not (LowRank.Initialization.Spectral or LowRank.Initialization.Pretrained) }))
            throw new ArgumentException("With an activation between its factors a layer is no product: it has no guide, residual, rebalancing, product decay or spectral start.", nameof(factors));
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

    /// <summary>Raised after the factors were rewritten by <see cref="CompleteStep"/>: moments of theirs mean nothing any more.</summary>
    public event EventHandler? Rebalanced;

    /// <summary>What stands around the factors.</summary>
    public FactorOptions Factors { get; }

    /// <summary>U: <c>[outputs, rank]</c>; a residual's identities are not in it.</summary>
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

    /// <summary>FLOPs beside the step's tokens for product decay and, where the step ends with it, rebalancing.</summary>
    /// <param name="step">The optimiser step.</param>
    public long UpkeepFlops(TrainingStep step)
    {
        var decay = Factors.ProductDecay > 0 ? FactorUpkeepFormula.Decay(Outputs, Inputs, Rank) : 0;
        return FactorUpkeepFormula.RebalancesAfter(step.Index, step.Total, Factors.RebalanceEvery)
            ? decay + FactorUpkeepFormula.Rebalance(Outputs, Inputs, Rank)
            : decay;
    }

    /// <summary>U as the layer computes with it: with the identities of a residual added. The caller disposes it.</summary>
    public Tensor FoldedU() => Factors.Residual ? RepeatedIdentity.Folded(U) : U.alias();

    /// <summary>Takes factors over whose product is to be the layer's weight; of a residual, the identities are taken off U first.</summary>
    /// <param name="u"><c>[outputs, rank]</c>.</param>
    /// <param name="v"><c>[rank, inputs]</c>.</param>
    public void SetFactors(Tensor u, Tensor v)
    {
        using var noGradient = no_grad();
        U.copy_(u);
        V.copy_(v);
        if (Factors.Residual)
            RepeatedIdentity.AddTo(U, sign: -1);
    }

    /// <summary>UV: <c>[outputs, inputs]</c>, while somebody decodes through it; no parameter, and nothing that is saved.</summary>
    internal Tensor? MergedWeight => merged;

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
        if (merged is not null && !is_grad_enabled())
            return Product(input, merged, Bias);
        using var inner = Product(input, V, null);
        if (Factors.Activation is { } activation)
        {
            using var activated = HiddenActivation.Apply(activation, inner);
            return Product(activated, U, Bias);
        }

        // Folding touches all of U, adding to the output as many numbers as there are: for a few rows, as in decoding, the latter is less.
        if (Factors.Residual && input.NumberOfElements / Inputs < Rank)
        {
            var output = Product(inner, U, Bias);
            RepeatedIdentity.AddProductTo(output, inner);
            return output;
        }

        using var u = FoldedU();
        return Product(inner, u, Bias);
    }

    /// <summary>α where the layer computes through its effective weight; null where it computes through its factors.</summary>
    internal double? BlendedShare => UsesEffectiveWeight ? alpha : null;

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
        using var scaledV = V.Times(1 - alpha);
        using var u = FoldedU();
        effective.copy_(Guide).MultiplyInPlace(alpha);
        if (productType == effective.dtype)
        {
            effective.addmm_(u, scaledV, 1, 1);
            return;
        }

        using var left = InProductType(u);
        using var right = InProductType(scaledV);
        using var product = ActivationMemory.Empty(effective.shape, productType, effective.device).addmm_(left, right, 0, 1);
        GradientMemory.Add(effective, product);
    }

    /// <summary>
    /// Turns the gradient G of the effective weight, accumulated over the step's micro-batches, into those of the parameters:
    /// <c>∂W = αG</c>, <c>∂U = (1−α)GVᵀ</c>, <c>∂V = (1−α)UᵀG</c>. They are added to what <c>grad</c> holds; G is used up.
    /// While the layer computes through its factors, their gradients come from autograd. In both cases that of a product decay is added.
    /// </summary>
    public void ProjectGradients()
    {
        ProjectEffective();
        if (Factors.ProductDecay > 0)
            AddProductDecay();
    }

    /// <summary>Ends an optimiser step, after the optimiser: rebalances the factors where it is their turn.</summary>
    /// <param name="step">The step that was taken.</param>
    public void CompleteStep(TrainingStep step)
    {
        if (!FactorUpkeepFormula.RebalancesAfter(step.Index, step.Total, Factors.RebalanceEvery))
            return;
        using var second = FoldedU();
        using var folded = second.detach();
        var (u, v) = FactorBalance.Of(folded, V);
        using (u)
        using (v)
            SetFactors(u, v);
        Rebalanced?.Invoke(this, EventArgs.Empty);
    }

    private Tensor InProductType(Tensor tensor) => tensor.dtype == productType ? tensor.alias() : ActivationMemory.Cast(tensor, productType);

    private void ProjectEffective()
    {
        if (!UsesEffectiveWeight || Guide is null)
            return;
        using var gradient = effective!.grad;
        if (gradient is null)
            return;

        using var noGradient = no_grad();
        using (var factor = InProductType(gradient))
        {
            using (var scaledV = V.Times(1 - alpha))
            using (var cast = InProductType(scaledV))
            using (var right = cast.t())
            using (var left = factor.t())
                GradientMemory.AddProduct(U, left, right);
            using (var u = FoldedU())
            using (var scaledU = u.Times(1 - alpha))
            using (var left = InProductType(scaledU))
                GradientMemory.AddProduct(V, left, factor);
        }

        gradient.MultiplyInPlace(alpha);
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

    /// <summary>
    /// Forms UV, through which passes without gradients run until <see cref="Unmerge"/> is called as often. Meanwhile the factors must
    /// not change.
    /// </summary>
    internal void Merge()
    {
        if (mergers++ > 0)
            return;
        using var noGradient = no_grad();
        using var u = FoldedU();
        merged = u.mm(V).DetachFromDisposeScope();
    }

    /// <summary>Undoes one <see cref="Merge"/>.</summary>
    internal void Unmerge()
    {
        if (--mergers > 0)
            return;
        merged?.Dispose();
        merged = null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            effective?.Dispose();
            effectiveGradient?.Dispose();
            innerGradient?.Dispose();
            merged?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Moves the effective weight to another place, beside others.</summary>
    /// <param name="place"><c>[outputs, inputs]</c>.</param>
    internal void MoveEffectiveWeight(Tensor place)
    {
        using var former = effective!;
        place.copy_(former);
        effective = place.alias().DetachFromDisposeScope();
        effective.requires_grad = true;
        using var gradient = former.grad;
        effective.grad = gradient;
    }

    internal override Tensor Multiply(Tensor rows, Tape tape)
    {
        if (UsesEffectiveWeight)
            return Product(rows, effective!, Bias, tape);
        var inner = RecordInner(rows, tape);
        return Product(inner, SecondFactor(tape), Bias, tape);
    }

    internal override void MultiplyInto(Tensor rows, Tape tape, Tensor place)
    {
        if (UsesEffectiveWeight)
        {
            ProductInto(rows, effective!, Bias, tape, place);
            return;
        }

        var inner = RecordInner(rows, tape);
        ProductInto(inner, SecondFactor(tape), Bias, tape, place);
    }

    internal override Tensor MultiplyBack(Tensor gradient, Tape tape, Tensor? into)
    {
        if (UsesEffectiveWeight)
            return ProductBack(gradient, effective!, tape, into);
        using var inner = tape.Take();
        GradientMemory.AddProduct(U, gradient, inner);
        // Kept for the gradient of V, which needs the input.
        innerGradient = ProductBack(gradient, SecondFactor(tape), tape, into: null).DetachFromDisposeScope();
        if (Factors.Activation is { } activation)
        {
            using var activatedGradient = innerGradient;
            innerGradient = HiddenActivation.Backward(activation, activatedGradient, tape).DetachFromDisposeScope();
        }

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

    // U with a residual's identities, formed once per step and not per micro-batch.
    internal Tensor SecondFactor(Tape tape) => Factors.Residual ? tape.Formed(U, RepeatedIdentity.Folded) : U;

    // What U multiplies: Vx, or the activation of it. It belongs to the tape.
    private Tensor RecordInner(Tensor rows, Tape tape)
    {
        var inner = Product(rows, V, null, tape);
        if (Factors.Activation is not { } activation)
        {
            tape.Keep(inner);
            return inner;
        }

        using (inner)
        {
            var activated = HiddenActivation.Record(activation, inner, tape);
            tape.Keep(activated);
            return activated;
        }
    }

    // ∂U += λ·U(VVᵀ), ∂V += λ·(UᵀU)V: the gradient of (λ/2)‖UV‖² without forming UV.
    private void AddProductDecay()
    {
        using var noGradient = no_grad();
        using var u = FoldedU();
        using var ut = u.t();
        using var vt = V.t();
        using (var gram = V.mm(vt).MultiplyInPlace(Factors.ProductDecay))
            GradientMemory.AddProduct(U, ut, gram);
        using (var gram = ut.mm(u).MultiplyInPlace(Factors.ProductDecay))
            GradientMemory.AddProduct(V, gram, V);
    }
}
