using LowRank.Costs;
using LowRank.Kernels;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>What a factored layer does for its factors beside the passes: the decay of their product and its balance.</summary>
internal static class FactorUpkeep
{
    /// <summary>
    /// <c>∂U += λ·U(VVᵀ)</c>, <c>∂V += λ·(UᵀU)V</c>: the gradient of <c>(λ/2)‖UV‖²</c> without forming UV. Nothing where λ is 0.
    /// </summary>
    public static void AddProductDecay(LowRankLinear layer)
    {
        var decay = layer.Factors.ProductDecay;
        if (!(decay > 0))
            return;
        using var noGradient = no_grad();
        using var u = layer.FoldedU();
        using var ut = u.t();
        using var vt = layer.V.t();
        using (var gram = layer.V.mm(vt).MultiplyInPlace(decay))
            GradientMemory.AddProduct(layer.U, ut, gram);
        using (var gram = ut.mm(u).MultiplyInPlace(decay))
            GradientMemory.AddProduct(layer.V, gram, layer.V);
    }

    /// <summary>Whether it is the turn of a layer's factors after a step.</summary>
    public static bool IsRebalancedAfter(LowRankLinear layer, TrainingStep step) =>
        FactorUpkeepFormula.RebalancesAfter(step.Index, step.Total, layer.Factors.RebalanceEvery);

    /// <summary>Rebalances the factors.</summary>
    public static void Rebalance(LowRankLinear layer)
    {
        using var second = layer.FoldedU();
        using var folded = second.detach();
        var (u, v) = FactorBalance.Of(folded, layer.V);
        using (u)
        using (v)
            layer.SetFactors(u, v);
    }

    /// <summary>FLOPs of both in one step.</summary>
    public static long Flops(LowRankLinear layer, TrainingStep step)
    {
        var (outputs, inputs, rank) = (layer.Outputs, layer.Inputs, layer.Rank);
        var decay = layer.Factors.ProductDecay > 0 ? FactorUpkeepFormula.Decay(outputs, inputs, rank) : 0;
        return IsRebalancedAfter(layer, step) ? decay + FactorUpkeepFormula.Rebalance(outputs, inputs, rank) : decay;
    }
}
