using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>One memory-bound operation at one size.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Bytes">What has to be read and written at least.</param>
/// <param name="InStep">How often a step of the dense model has it.</param>
/// <param name="Once">Carries it out; returns new tensors, which the caller disposes.</param>
/// <param name="Inputs">What it reads and may write over.</param>
internal sealed record KernelCase(
    string Name,
    double Bytes,
    int InStep,
    Func<IFusedOperations, Tensor[], Tensor[]> Once,
    params Tensor[] Inputs
)
{
    /// <summary>Carries it out, again and again over the same memory.</summary>
    public void Run(IFusedOperations operations)
    {
        foreach (var result in Once(operations, Inputs))
            result.Dispose();
    }

    /// <summary>The largest difference between what two leave behind, as a fraction of the largest value.</summary>
    public double Difference(IFusedOperations one, IFusedOperations other)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (After(one), After(other));
        var most = 0.0;
        for (var index = 0; index < left.Length; index++)
        {
            var (a, b) = (left[index].to(ScalarType.Float64), right[index].to(ScalarType.Float64));
            var largest = b.abs().max().item<double>();
            var difference = (a - b).abs().max().item<double>();
            most = Math.Max(most, difference == 0 ? 0 : difference / largest);
        }

        return most;
    }

    private Tensor[] After(IFusedOperations operations)
    {
        var copies = Inputs.Select(input => input.clone()).ToArray();
        return Once(operations, copies);
    }
}
