using LowRank.Cuda;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Kernels;
using LowRank.Tests.Emulation;
using LowRank.Training.Data;
using LowRank.Training.Loop;
using LowRank.Training.Runs;

namespace LowRank.EndToEnd.Tests.Cuda;

/// <summary>
/// Whole runs in which every operation between products is computed by the CUDA kernels' own text, on the CPU: the way that a step takes on
/// a GPU, from the layers' questions to the arguments of each kernel.
/// </summary>
public sealed class EmulatedRunTests
{
    private const int Steps = 3;

    [Theory(Skip = CppCompiler.Missing, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [InlineData("SmallDeclared", Variant.Guided, "fp32", 1e-4)]
    [InlineData("GptForm", Variant.Guided, "bf16", 2e-2)]
    [InlineData("QwenForm", Variant.LowRank, "fp32", 1e-4)]
    [InlineData("ColaForm", Variant.Dense, "bf16", 2e-2)]
    public void Kernels_take_the_steps_that_the_CPU_takes(string model, Variant variant, string precision, double tolerance)
    {
        using var folder = new WorkFolder();
        using var data = SmallRuns.Data(folder);
        var options = SmallRuns.Options(null) with { Steps = Steps, Precision = precision };
        var expected = Run(model, variant, data, options);

        // Without a kernel that starts, all is left to libtorch.
        var recording = new RecordingLauncher(starts: false);
        Near(expected, Run(model, variant, data, options, recording), tolerance);
        EmulatedKernels.Prepare(recording.Kernels.Select(kernel => (kernel, KernelText.Of(kernel))));

        var emulated = new EmulatedLauncher();
        Near(expected, Run(model, variant, data, options, emulated), tolerance);
        Assert.True(emulated.Count > 0);
    }

    private static List<(long Step, double Loss, double Norm)> Run(
        string model,
        Variant variant,
        TokenDataset data,
        TrainingOptions options,
        IKernelLauncher? launcher = null
    )
    {
        using var replaced = launcher is null ? null : FusedOperations.Replace(new CudaOperations(launcher));
        var log = new StepLog();
        new Trainer(SmallRuns.Find(model), variant, data, options, log).Run(default);
        return log.Steps;
    }

    private static void Near(
        List<(long Step, double Loss, double Norm)> expected,
        List<(long Step, double Loss, double Norm)> actual,
        double tolerance
    )
    {
        Assert.Equal(expected.Select(step => step.Step), actual.Select(step => step.Step));
        foreach (var ((step, loss, norm), (_, other, otherNorm)) in expected.Zip(actual))
        {
            Assert.True(Math.Abs(other - loss) <= tolerance * loss, $"step {step}: loss {loss} and {other}");
            Assert.True(Math.Abs(otherNorm - norm) <= 20 * tolerance * norm, $"step {step}: norm {norm} and {otherNorm}");
        }
    }
}
