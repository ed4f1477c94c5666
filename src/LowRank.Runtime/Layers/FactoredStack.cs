using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Factored layers over the same input, in a recorded pass: their first factors stand one under the other and read the input in one
/// product, Σ rank wide, where products as narrow as one rank would copy the input into MKL's own layout once for each of them. With
/// guides, the effective weights stand one under the other instead.
/// </summary>
/// <param name="parts">The layers, in the order of their outputs.</param>
internal sealed class FactoredStack(LowRankLinear[] parts) : LinearStack(parts)
{
    private readonly LowRankLinear[] parts = parts;
    private readonly Parameter[] firstFactors = [.. parts.Select(part => part.V)];
    private readonly long ranks = parts.Sum(part => part.Rank);
    private Tensor? effective;
    private Tensor? effectiveCopy;
    private Tensor? innerGradient;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Matrices => firstFactors;

    /// <summary>Whether all parts compute in the same form now, and one that can be joined.</summary>
    public override bool IsOneProduct => Array.TrueForAll(parts, part => part.UsesEffectiveWeight) || IsFactored;

    /// <summary>Whether all parts compute through their factors now, with nothing between them.</summary>
    public bool IsFactored => Array.TrueForAll(parts, part => !part.UsesEffectiveWeight && part.Factors.Activation is null);

    /// <inheritdoc/>
    public override Tensor Multiply(Tensor rows, Tape tape)
    {
        var output = ActivationMemory.Empty([rows.shape[0], Outputs], rows.dtype, rows.device);
        Multiply(rows, tape, output);
        return output;
    }

    /// <summary>The parts' outputs side by side.</summary>
    /// <param name="rows"><c>[rows, inputs]</c>.</param>
    /// <param name="tape">Keeps Vx of all parts.</param>
    /// <param name="place"><c>[rows, Σ outputs]</c>.</param>
    public void Multiply(Tensor rows, Tape tape, Tensor place)
    {
        using var columns = ColumnsOf(place);
        if (!parts[0].UsesEffectiveWeight)
        {
            Multiply(rows, tape, columns.Parts);
            return;
        }

        LinearLayer.ProductInto(rows, Effective(tape), null, tape, place);
        AddBiases(rows, tape, columns.Parts);
    }

    /// <summary>The parts' outputs, each in a place of its own, through their factors.</summary>
    /// <param name="rows"><c>[rows, inputs]</c>.</param>
    /// <param name="tape">Keeps Vx of all parts.</param>
    /// <param name="places"><c>[rows, outputs]</c> of each.</param>
    public void Multiply(Tensor rows, Tape tape, IReadOnlyList<Tensor> places)
    {
        var inner = LinearLayer.Product(rows, FirstFactors(tape), null, tape);
        tape.Keep(inner);
        ForEach(places, inner, (part, place, own) => LinearLayer.ProductInto(own, part.SecondFactor(tape), null, tape, place));
        AddBiases(rows, tape, places);
    }

    /// <summary>The gradient of the input, new or added to a place; those of the second factors are added where they are kept.</summary>
    /// <param name="gradient"><c>[rows, Σ outputs]</c>.</param>
    /// <param name="tape">What the forward pass has left.</param>
    /// <param name="into"><c>[rows, inputs]</c>, or null.</param>
    public override Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into)
    {
        if (parts[0].UsesEffectiveWeight)
            return LinearLayer.InputGradientOf(gradient, Effective(tape), tape, into);
        using var columns = ColumnsOf(gradient);
        return BackwardInput(columns.Parts, tape, into);
    }

    /// <summary>The same from gradients that lie apart, through the factors.</summary>
    /// <param name="gradients"><c>[rows, outputs]</c> of each part.</param>
    /// <param name="tape">What the forward pass has left.</param>
    /// <param name="into"><c>[rows, inputs]</c>, or null.</param>
    public Tensor BackwardInput(IReadOnlyList<Tensor> gradients, Tape tape, Tensor? into)
    {
        using var inner = tape.Take();
        // Kept for the gradients of the first factors, which need the input.
        var sum = innerGradient = ActivationMemory.EmptyLike(inner).DetachFromDisposeScope();
        ForEach(gradients, inner, (part, gradient, own) => GradientMemory.AddProduct(part.U, gradient, own));
        ForEach(gradients, sum, (part, gradient, own) => own.addmm_(gradient, tape.Weight(part.SecondFactor(tape), gradient.dtype), 0, 1));
        return LinearLayer.InputGradientOf(sum, FirstFactors(tape), tape, into);
    }

    /// <summary>Adds the gradients of biases and of first factors or effective weights; follows <c>BackwardInput</c>.</summary>
    /// <param name="gradient"><c>[rows, Σ outputs]</c>.</param>
    /// <param name="input"><c>[rows, inputs]</c>.</param>
    public override void BackwardWeights(Tensor gradient, Tensor input)
    {
        using var columns = ColumnsOf(gradient);
        if (!parts[0].UsesEffectiveWeight)
        {
            BackwardWeights(columns.Parts, input);
            return;
        }

        foreach (var (part, own) in parts.Zip(columns.Parts))
        {
            if (part.Bias is not null)
                GradientMemory.AddSum(part.Bias, own);
            GradientMemory.AddProduct(part.EffectiveWeight!, own, input);
        }
    }

    /// <summary>The same from gradients that lie apart, through the factors.</summary>
    /// <param name="gradients"><c>[rows, outputs]</c> of each part.</param>
    /// <param name="input"><c>[rows, inputs]</c>.</param>
    public void BackwardWeights(IReadOnlyList<Tensor> gradients, Tensor input)
    {
        foreach (var (part, gradient) in parts.Zip(gradients))
        {
            if (part.Bias is not null)
                GradientMemory.AddSum(part.Bias, gradient);
        }

        using var factorGradient = innerGradient!;
        innerGradient = null;
        if (!Array.Exists(parts, part => part.V.requires_grad))
            return;
        if (JoinedGradient is { } joined)
        {
            GradientMemory.AddProductTo(joined, factorGradient, input);
            return;
        }

        using var transposed = factorGradient.t();
        using var product = transposed.mm(input);
        var row = 0L;
        foreach (var part in parts)
        {
            row += part.Rank;
            if (!part.V.requires_grad)
                continue;
            using var own = product.narrow(0, row - part.Rank, part.Rank);
            using var sum = GradientMemory.Of(part.V);
            GradientMemory.Add(sum, own);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        innerGradient?.Dispose();
        innerGradient = null;
        LeaveEffective();
        base.Dispose();
    }

    private void LeaveEffective()
    {
        if (effective is not null)
            WeightCopies.Remove(effective);
        effective?.Dispose();
        effectiveCopy?.Dispose();
        (effective, effectiveCopy) = (null, null);
    }

    private void AddBiases(Tensor rows, Tape tape, IReadOnlyList<Tensor> places)
    {
        foreach (var (part, place) in parts.Zip(places))
        {
            if (part.Bias is not null)
                place.AddInPlace(tape.Weight(part.Bias, rows.dtype));
        }
    }

    private void ForEach(IReadOnlyList<Tensor> wide, Tensor narrow, Action<LowRankLinear, Tensor, Tensor> action)
    {
        var rank = 0L;
        foreach (var (part, place) in parts.Zip(wide))
        {
            using var own = narrow.narrow(1, rank, part.Rank);
            action(part, place, own);
            rank += part.Rank;
        }
    }

    // Where they don't lie together, copied once per optimizer step, and in the type of the products.
    private Tensor FirstFactors(Tape tape) =>
        Joined is not null
            ? tape.Weight(Joined, tape.ProductType)
            : tape.Formed(
                parts[0].V,
                first =>
                {
                    var joined = empty([ranks, first.shape[1]], tape.ProductType, first.device);
                    var row = 0L;
                    foreach (var part in parts)
                    {
                        using var place = joined.narrow(0, row, part.Rank);
                        place.copy_(part.V);
                        row += part.Rank;
                    }

                    return joined;
                }
            );

    // The effective weights move here once: from then on each is a part of this memory.
    private Tensor Effective(Tape tape)
    {
        if (effective is not null)
            return effective;
        using var noGradient = no_grad();
        var first = parts[0].EffectiveWeight!;
        effective = empty([Outputs, first.shape[1]], first.dtype, first.device).DetachFromDisposeScope();
        if (first.dtype != tape.ProductType)
        {
            effectiveCopy = empty_like(effective, tape.ProductType).DetachFromDisposeScope();
            WeightCopies.Set(effective, effectiveCopy);
        }

        var row = 0L;
        foreach (var part in parts)
        {
            using var place = effective.narrow(0, row, part.Outputs);
            using var copyPlace = effectiveCopy?.narrow(0, row, part.Outputs);
            part.MoveEffectiveWeight(place, copyPlace);
            part.GuideReleased += (_, _) => LeaveEffective();
            row += part.Outputs;
        }

        return effective;
    }
}
