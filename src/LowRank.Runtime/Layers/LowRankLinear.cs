using System.ComponentModel;
using LowRank.Kernels;
using LowRank.Models;
using LowRank.Reparameterization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A factored linear layer <c>y = U(Vx) + b</c> with, for the first part of training, a full-size guide W beside the factors:
/// <c>y = αWx + (1−α)U(Vx) + b</c> (Wei et al., 2024). The blend is computed as one dense product through the effective weight
/// <c>E = αW + (1−α)UV</c>, formed once per optimizer step; its gradient is projected onto W, U and V before the optimizer's step.
/// Outputs and gradients are those of the two branches, at the cost of one dense layer plus 6·rank·inputs·outputs FLOPs a step.
/// <see cref="FactorOptions"/> says what may stand around the factors; with a residual, U is <c>U′ = U + (1/√K)·[I; I; …]</c> wherever the
/// layer computes.
/// </summary>
/// <remarks>
/// A <see cref="StepScope"/> calls in each training step: <see cref="Blend"/>, any number of forward and backward passes,
/// <see cref="ProjectGradients"/>, the optimizer, <see cref="CompleteStep"/>. When α reaches 0, <see cref="ReleaseGuide"/>.
/// </remarks>
public sealed class LowRankLinear : LinearLayer
{
    private readonly BlendedWeight blended;
    private readonly FactorPass pass;
    private readonly MergedFactors merged;

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
        (blended, pass, merged) = (new(this, options.EffectiveComputeType), new(this), new(this));
        if (
            Factors.Activation is not null
            && (
                guide
                || Factors
                    is not {
                        Residual: false,
                        RebalanceEvery: 0,
                        ProductDecay: 0,
                        Initialization: not (LowRank.Initialization.Spectral or LowRank.Initialization.Pretrained)
                    }
            )
        )
            throw new ArgumentException(
                "With an activation between its factors a layer is no product: it has no guide, residual, rebalancing, product decay or spectral start.",
                nameof(factors)
            );
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
    internal event EventHandler? GuideReleased;

    /// <summary>Raised after the factors were rewritten by <see cref="CompleteStep"/>: moments of theirs mean nothing any more.</summary>
    internal event EventHandler? Rebalanced;

    /// <summary>What stands around the factors.</summary>
    internal FactorOptions Factors { get; }

    /// <summary>U: <c>[outputs, rank]</c>; a residual's identities are not in it.</summary>
    public Parameter U { get; }

    /// <summary>V: <c>[rank, inputs]</c>.</summary>
    public Parameter V { get; }

    /// <summary>b: <c>[outputs]</c>, or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>W: <c>[outputs, inputs]</c>, or null where there is no guide, or none any more.</summary>
    public Parameter? Guide { get; private set; }

    /// <summary>E: <c>[outputs, inputs]</c>, a leaf with its own gradient, or null while the layer computes through its factors.</summary>
    internal Tensor? EffectiveWeight => UsesEffectiveWeight ? blended.Weight : null;

    /// <summary>Whether forward goes through the effective weight; otherwise through the factors.</summary>
    internal bool UsesEffectiveWeight => blended.IsUsed;

    /// <summary>Inner size of the factors.</summary>
    public int Rank => (int)V.shape[0];

    /// <inheritdoc/>
    internal override long ForwardFlopsPerToken =>
        2 * (UsesEffectiveWeight ? blended.Weight.NumberOfElements : U.NumberOfElements + V.NumberOfElements);

    /// <inheritdoc/>
    internal override long BackwardFlopsPerToken => (UsesEffectiveWeight || U.requires_grad ? 2 : 1) * ForwardFlopsPerToken;

    /// <summary>FLOPs of the current optimizer step beside its tokens: 2·r·m·n for each of UV, ∂U and ∂V; 0 through the factors.</summary>
    internal long ProjectionFlops => UsesEffectiveWeight ? 6 * Rank * Inputs * Outputs : 0;

    /// <summary>FLOPs beside the step's tokens for product decay and, where the step ends with it, rebalancing.</summary>
    /// <param name="step">The optimizer step.</param>
    internal long UpkeepFlops(TrainingStep step) => FactorUpkeep.Flops(this, step);

    /// <summary>U as the layer computes with it: with the identities of a residual added. The caller disposes it.</summary>
    internal Tensor FoldedU() => Factors.Residual ? RepeatedIdentity.Folded(U) : U.alias();

    /// <summary>
    /// Takes factors over whose product is to be the layer's weight; of a residual, the identities are taken off U first.
    /// </summary>
    /// <param name="u"><c>[outputs, rank]</c>.</param>
    /// <param name="v"><c>[rank, inputs]</c>.</param>
    internal void SetFactors(Tensor u, Tensor v)
    {
        using var noGradient = no_grad();
        U.copy_(u);
        V.copy_(v);
        if (Factors.Residual)
            RepeatedIdentity.AddTo(U, sign: -1);
    }

    /// <summary>UV: <c>[outputs, inputs]</c>, while somebody decodes through it; no parameter, and nothing that is saved.</summary>
    internal Tensor? MergedWeight => merged.Product;

    /// <summary>Lists the layer among those that one declaration factors.</summary>
    /// <param name="group">Where it is listed.</param>
    /// <returns>The layer itself.</returns>
    [EditorBrowsable(EditorBrowsableState.Never)]
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
            return Product(input, blended.Weight, Bias);
        if (merged.Product is { } product && !is_grad_enabled())
            return Product(input, product, Bias);
        using var inner = Product(input, V, null);
        if (Factors.Activation is { } activation)
        {
            using var activated = ActivationFormula.Apply(activation, inner);
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
    internal double? BlendedShare => UsesEffectiveWeight ? blended.Alpha : null;

    /// <summary>
    /// Prepares an optimizer step: forms the effective weight <c>E = αW + (1−α)UV</c>, outside autograd. Without a guide it does nothing.
    /// </summary>
    /// <param name="alpha">α, in [0, 1].</param>
    /// <param name="drawn">
    /// Whether a sampled guide takes part in this step. If not, the layer computes through its factors and the guide gets no gradient.
    /// </param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Blend(double alpha, bool drawn = true)
    {
        if (Guide is not null)
            blended.Form(Guide, alpha, drawn);
    }

    /// <summary>
    /// Turns the gradient G of the effective weight, accumulated over the step's micro-batches, into those of the parameters:
    /// <c>∂W = αG</c>, <c>∂U = (1−α)GVᵀ</c>, <c>∂V = (1−α)UᵀG</c>. They are added to what <c>grad</c> holds; G is used up.
    /// While the layer computes through its factors, their gradients come from autograd. In both cases that of a product decay is added.
    /// </summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void ProjectGradients()
    {
        if (UsesEffectiveWeight && Guide is not null && IsProjectedHere)
            blended.ProjectGradient(Guide);
        FactorUpkeep.AddProductDecay(this);
    }

    /// <summary>
    /// Whether this process turns the gradient of the effective weight into those of guide and factors; false where another one updates
    /// them.
    /// </summary>
    internal bool IsProjectedHere { get; set; } = true;

    /// <summary>Whether this process rebalances the factors; false where it gets them from another one.</summary>
    internal bool IsRebalancedHere { get; set; } = true;

    /// <summary>Forgets the gradient of the effective weight, where a step is skipped.</summary>
    internal void DropEffectiveGradient() => blended.DropGradient();

    /// <summary>Ends an optimizer step, after the optimizer: rebalances the factors where it is their turn.</summary>
    /// <param name="step">The step that was taken.</param>
    internal void CompleteStep(TrainingStep step)
    {
        if (!FactorUpkeep.IsRebalancedAfter(this, step))
            return;
        if (IsRebalancedHere)
            FactorUpkeep.Rebalance(this);
        Rebalanced?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>
    /// Lets the gradient of the effective weight and that of the guide share one memory: G is accumulated there and becomes ∂W in place.
    /// </summary>
    /// <param name="gradient"><c>[outputs, inputs]</c>, of the parameters' type. Stays the caller's.</param>
    /// <exception cref="InvalidOperationException">The layer has no guide.</exception>
    internal void ShareGuideGradient(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (Guide is null)
            throw new InvalidOperationException("The layer has no guide.");
        blended.ShareGradient(Guide, gradient);
    }

    /// <summary>Computes through the factors from now on and frees the guide, its gradient and the effective weight.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void ReleaseGuide()
    {
        if (Guide is null)
            return;
        blended.Leave();
        GuideReleased?.Invoke(this, EventArgs.Empty);
        ConditionallyRegisterParameter("guide", (Parameter?)null);
        blended.Dispose();
        Guide.Dispose();
        Guide = null;
    }

    /// <summary>
    /// Forms UV, through which passes without gradients run until <see cref="Unmerge"/> is called as often. Meanwhile the factors must
    /// not change.
    /// </summary>
    internal void Merge() => merged.Add();

    /// <summary>Undoes one <see cref="Merge"/>.</summary>
    internal void Unmerge() => merged.Remove();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            blended.Dispose();
            pass.Dispose();
            merged.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Moves the effective weight to another place, beside others.</summary>
    /// <param name="place"><c>[outputs, inputs]</c>.</param>
    /// <param name="copyPlace">The same for its copy in the type of the products; null where that is its own.</param>
    internal void MoveEffectiveWeight(Tensor place, Tensor? copyPlace) => blended.MoveTo(place, copyPlace);

    internal override Tensor Multiply(Tensor rows, Tape tape)
    {
        if (UsesEffectiveWeight)
            return Product(rows, blended.Weight, Bias, tape);
        var inner = pass.RecordInner(rows, tape);
        return Product(inner, SecondFactor(tape), Bias, tape);
    }

    internal override void MultiplyInto(Tensor rows, Tape tape, Tensor place)
    {
        if (UsesEffectiveWeight)
        {
            ProductInto(rows, blended.Weight, Bias, tape, place);
            return;
        }

        var inner = pass.RecordInner(rows, tape);
        ProductInto(inner, SecondFactor(tape), Bias, tape, place);
    }

    internal override Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into) =>
        UsesEffectiveWeight ? InputGradientOf(gradient, blended.Weight, tape, into) : pass.InputGradient(gradient, tape, into);

    internal override void BackwardWeights(Tensor gradient, Tensor input)
    {
        if (Bias is not null)
            GradientMemory.AddSum(Bias, gradient);
        if (UsesEffectiveWeight)
            GradientMemory.AddProduct(blended.Weight, gradient, input);
        else
            pass.AddFirstFactor(input);
    }

    // U with a residual's identities, formed once per step and not per micro-batch.
    internal Tensor SecondFactor(Tape tape) => Factors.Residual ? tape.Formed(U, RepeatedIdentity.Folded) : U;
}
