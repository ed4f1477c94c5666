using LowRank.Compiled;
using LowRank.Layers;
using LowRank.Training.Loop;
using Mono.Cecil;

namespace LowRank.Training.Tests.Walls;

/// <summary>
/// No native scalar is left to finalizers: one may be freed while it is read, and in a step of training they lie between the activations
/// and keep the heap from being joined. Where numbers become scalars, the compiler sees that they are held (LRK0802).
/// </summary>
public sealed class FinalizedScalarTests
{
    // What holds them, what runs once, when a model is built or factored, and what runs on a device alone: then no activation lies in the
    // heap.
    private static readonly string[] NotInAStep =
    [
        "LowRank.Kernels.ScalarArithmetic::",
        "LowRank.Layers.InitialWeights::",
        "LowRank.Layers.RotaryEmbedding::.ctor",
        "LowRank.Layers.RotaryEmbedding::Table",
        "LowRank.Reparameterization.TruncatedFactorization::",
        "LowRank.Layers.DropoutMask::Hashed",
        "LowRank.Kernels.AttentionProbe::Reference",
    ];

    [Fact]
    public void No_step_makes_any()
    {
        var calls = Calls(_ => true);
        Assert.Contains(calls, call => call.StartsWith(NotInAStep[0], StringComparison.Ordinal));
        Assert.DoesNotContain(calls, call => !NotInAStep.Any(name => call.StartsWith(name, StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_lets_TorchSharp_make_one() => Assert.Empty(Calls(method => !ScalarMakers.Returns(method)));

    private static List<string> Calls(Func<MethodDefinition, bool> isMeant)
    {
        var makers = ScalarMakers.InTorchSharp().Where(isMeant).Select(method => method.FullName).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("TorchSharp.torch/Tensor TorchSharp.torch/Tensor::add_(TorchSharp.torch/Tensor)", makers);
        return
        [
            .. new[] { typeof(LinearLayer), typeof(Trainer) }
                .SelectMany(type => ScalarMakers.MethodsOf(type.Assembly.Location))
                .SelectMany(method =>
                    ScalarMakers
                        .CallsOf(method)
                        .Where(makers.Contains)
                        .Select(call => $"{method.DeclaringType.FullName}::{method.Name} calls {call}")
                ),
        ];
    }
}
