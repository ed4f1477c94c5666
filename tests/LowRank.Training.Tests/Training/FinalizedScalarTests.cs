using LowRank.Layers;
using Mono.Cecil;
using TorchSharp;
using Xunit;

namespace LowRank.Training.Tests.Training;

/// <summary>
/// No step of a training run may leave native scalars to finalisers: they lie between the activations and keep the heap from being joined.
/// TorchSharp makes one wherever a number is given, in some operations without saying so: its compiled code is searched for them.
/// </summary>
public sealed class FinalizedScalarTests
{
    // What runs once, when a model is built or factored, what autograd needs, and what runs on a device alone: then no activation lies in
    // the heap.
    private static readonly string[] Allowed =
    [
        "LowRank.Kernels.ScalarArithmetic::",
        "LowRank.Layers.InitialWeights::",
        "LowRank.Layers.RotaryEmbedding::.ctor",
        "LowRank.Layers.HiddenActivation::Apply",
        "LowRank.Reparameterization.TruncatedFactorization::",
        "LowRank.Layers.DropoutMask::Hashed",
    ];

    [Fact]
    public void NoStepMakesAny()
    {
        var makers = Makers();
        Assert.Contains(makers, name => name.Contains("::add_(TorchSharp.torch/Tensor)", StringComparison.Ordinal));
        var callers = new[] { typeof(LinearLayer), typeof(Trainer) }
            .SelectMany(type => Methods(type.Assembly.Location))
            .SelectMany(method => Calls(method).Where(makers.Contains).Select(call => $"{method.DeclaringType.FullName}::{method.Name} calls {call}"))
            .ToList();
        Assert.Contains(callers, call => call.StartsWith(Allowed[0], StringComparison.Ordinal));
        Assert.DoesNotContain(callers, call => !Allowed.Any(name => call.StartsWith(name, StringComparison.Ordinal)));
    }

    private static HashSet<string> Makers()
    {
        var methods = Methods(typeof(Scalar).Assembly.Location).ToList();
        var makers = methods
            .Where(method => method.ReturnType.FullName == "TorchSharp.Scalar" || (method.IsConstructor && method.DeclaringType.FullName == "TorchSharp.Scalar"))
            .Select(method => method.FullName).ToHashSet(StringComparer.Ordinal);
        var count = 0;
        while (count < makers.Count)
        {
            count = makers.Count;
            makers.UnionWith(methods.Where(method => Calls(method).Any(makers.Contains)).Select(method => method.FullName).ToList());
        }

        return makers;
    }

    private static IEnumerable<MethodDefinition> Methods(string assembly) =>
        AssemblyDefinition.ReadAssembly(assembly).MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static IEnumerable<string> Calls(MethodDefinition method) =>
        method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().Select(call => call.FullName);
}
