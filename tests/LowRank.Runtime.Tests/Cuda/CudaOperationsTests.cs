using LowRank.Cuda;
using LowRank.Kernels;
using LowRank.Tests.Emulation;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>What the operations do beside starting kernels.</summary>
public sealed class CudaOperationsTests
{
    private const string SkipReason = CppCompiler.Missing;

    private static readonly string[] AllKernels =
    [
        "normalize",
        "normalizeBackward",
        "rotate",
        "activate",
        "activateBackward",
        "gate",
        "gateBackward",
        "crossEntropy",
        "sumOfSquares",
        "adamW",
        "add",
        "blend",
    ];

    private static readonly KernelCase[] Cases =
    [
        NormCases.Forward(NormKind.Biased, 33, 5, [ScalarType.Float32, ScalarType.Float32, ScalarType.Float32], adds: true),
        NormCases.Backward(NormKind.Biased, 33, 70, [ScalarType.Float32, ScalarType.Float32, ScalarType.Float32, ScalarType.BFloat16]),
        OtherCases.Rotation(ScalarType.Float32, heads: 3, turned: 2, headSize: 8, size: 6, first: 2, sign: 1),
        ActivationCases.Plain(Activation.Gelu, ScalarType.Float32, 100),
        ActivationCases.Gated(Activation.Silu, ScalarType.Float32, 7, 96, isJoined: true),
        OtherCases.Loss(ScalarType.Float32, 33, 5, scale: 0.5),
        OtherCases.AdamW(100, copies: true, updates: 2),
        OtherCases.Norm((ScalarType.Float32, 100), (ScalarType.BFloat16, 10)),
        OtherCases.Addition(ScalarType.Float32, ScalarType.BFloat16, 100, offset: 0),
        OtherCases.Blend(ScalarType.BFloat16, 100, copies: true),
    ];

    [Fact]
    public void Without_kernels_libtorch_computes_the_same()
    {
        foreach (var each in Cases)
        {
            var launcher = Without(AllKernels);
            each.Run(_ => new CudaOperations(launcher), looseness: 20);
            Assert.Equal(0, launcher.Count);
        }
    }

    [Theory(Skip = SkipReason, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [InlineData("addColumns", 1)]
    [InlineData("addSum", 5)]
    [InlineData("rootOfSum", 7)]
    public void Where_the_second_kernel_cannot_be_had_libtorch_does_its_part_alone(string kernel, int index) =>
        Cases[index].Run(Without(kernel));

    [Theory(Skip = SkipReason, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [InlineData(-1)]
    [InlineData(33)]
    [InlineData(long.MaxValue)]
    public void A_target_outside_the_vocabulary_makes_the_total_NaN_and_writes_nowhere_else(long target)
    {
        using var memory = new GuardedMemory();
        var logits = memory.Of(Draw.Normal(66, 1), [2, 33], ScalarType.Float32);
        var targets = memory.Of([3, 4], [2, 1], ScalarType.Int64);
        using var second = targets.narrow(0, 1, 1);
        second.fill_(target);
        var total = memory.Of([0], [1], ScalarType.Float64);
        Operations(memory).CrossEntropy(logits, targets, total, 1, LogitForm.Plain);
        Assert.True(double.IsNaN(GuardedMemory.Read(total)[0]));
        Assert.Equal(0, GuardedMemory.Read(logits)[..33].Sum(), 1e-6);
        memory.AssertIntact();
    }

    [Fact]
    public void No_rows_and_no_elements_start_no_kernel()
    {
        using var scope = NewDisposeScope();
        using var memory = new GuardedMemory();
        var launcher = new RecordingLauncher();
        var operations = new CudaOperations(launcher);
        var (none, gain) = (empty(0, 8), ones(8));
        var norm = new NormParameters(gain, null, 1e-5, IsCentered: false);
        var output = operations.AddAndNormalize(norm, none, none.clone(), ScalarType.BFloat16, out var sum, out var statistics);
        Assert.Equal([0L, 8L], output.shape);
        Assert.Equal([0L, 8L], sum.shape);
        operations.NormalizeBackward(norm, none, statistics, output, none.clone(), zeros(8), null, null);
        Assert.Equal([0L, 8L], operations.Activate(Activation.Silu, none).shape);
        Assert.Equal([0L, 8L], operations.Gate(Activation.Silu, none, none.clone()).shape);
        Assert.Equal([0L, 8L], operations.GateBackward(Activation.Silu, none.clone(), none.clone(), none.clone()).shape);
        operations.Add(none, none);
        operations.Blend(none, none, 0.5, none, null);
        operations.Rotate(empty(0, 3, 2, 4), new RotaryAngles(ones(3, 2), ones(3, 2)), 0, 2, 1);
        operations.AdamW([new(none, none, none, none, null, 1)], new AdamWConstants(1, 0.9, 0.9, 1, 0), tensor(1.0));
        Assert.Empty(launcher.Kernels);
    }

    [Fact]
    public void Statistics_of_the_general_forward_pass_lead_to_its_backward_pass()
    {
        using var scope = NewDisposeScope();
        var launcher = new RecordingLauncher();
        var (x, upstream, gain) = (randn(4, 9), randn(4, 9), ones(9));
        var norm = new NormParameters(gain, null, 1e-5, IsCentered: true);
        new TensorOperations().Normalize(norm, x, ScalarType.Float32, out var statistics);
        var (first, second) = (zeros(4, 9), zeros(4, 9));
        new CudaOperations(launcher).NormalizeBackward(norm, x, statistics, upstream, first, zeros(9), null, null);
        new TensorOperations().NormalizeBackward(norm, x, statistics, upstream, second, zeros(9), null, null);
        Assert.Empty(launcher.Kernels);
        Assert.True(first.equal(second).all().item<bool>());
        Assert.NotEqual(0, first.abs().sum().item<float>());
    }

    [Fact]
    public void Other_types_and_layouts_are_left_to_libtorch()
    {
        using var scope = NewDisposeScope();
        var launcher = new RecordingLauncher();
        var operations = new CudaOperations(launcher);
        var x = randn(4, 6, dtype: ScalarType.Float64);
        var norm = new NormParameters(ones(6, dtype: ScalarType.Float64), null, 1e-5, IsCentered: true);
        Assert.True(allclose(nn.functional.layer_norm(x, [6]), operations.Normalize(norm, x, ScalarType.Float64, out _)));
        var turned = randn(6, 4).t();
        Assert.True(allclose(nn.functional.silu(turned), operations.Activate(Activation.Silu, turned)));
        Assert.True(allclose(nn.functional.silu(turned) * turned, operations.Gate(Activation.Silu, turned, turned)));
        Assert.Empty(launcher.Kernels);
    }

    private static EmulatedLauncher Without(params string[] kernels)
    {
        var launcher = new EmulatedLauncher();
        launcher.Missing.UnionWith(kernels);
        return launcher;
    }

    private static CudaOperations Operations(GuardedMemory memory) => new(new EmulatedLauncher()) { Allocate = memory.Empty };
}
