using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Reparameterization;

/// <summary>The guided layer as the paper writes it, with plain autograd: y = αWx + (1−α)U(Vx) + b. The reference.</summary>
internal sealed class TwoBranches : IDisposable
{
    private readonly double alpha;

    public TwoBranches(LowRankLinear layer, double alpha)
    {
        this.alpha = alpha;
        W = Copy(layer.Guide!);
        U = Copy(layer.U);
        V = Copy(layer.V);
        Bias = layer.Bias is null ? null : Copy(layer.Bias);
    }

    public Parameter W { get; }

    public Parameter U { get; }

    public Parameter V { get; }

    public Parameter? Bias { get; }

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var y = alpha * x.matmul(W.t()) + (1 - alpha) * x.matmul(V.t()).matmul(U.t());
        return scope.MoveToOuter(Bias is null ? y : y + Bias);
    }

    public void Dispose()
    {
        W.Dispose();
        U.Dispose();
        V.Dispose();
        Bias?.Dispose();
    }

    private static Parameter Copy(Tensor tensor)
    {
        using var detached = tensor.detach();
        return new(detached.clone());
    }
}
