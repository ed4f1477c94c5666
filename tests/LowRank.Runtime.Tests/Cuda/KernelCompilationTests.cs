using System.Globalization;
using System.Text.RegularExpressions;
using LowRank.Cuda;
using LowRank.Kernels;
using LowRank.Tests.Emulation;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>
/// The kernels' texts are CUDA: NVRTC compiles them, which needs no GPU. KERNEL_TEXTS=folder writes the texts of all variants that tests
/// use there, for other compilers and for their tables of registers; NVRTC_ALL=1 compiles all of them.
/// </summary>
public sealed partial class KernelCompilationTests
{
    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void Kernels_of_models_of_usual_widths_keep_their_values_in_registers()
    {
        // A row of a warp, and then a row of several, where a kernel depends on the width.
        var narrow = KernelsOf(1024).DistinctBy(kernel => KernelText.Of(kernel)).ToList();
        var wide = KernelsOf(2048).Except(narrow).DistinctBy(kernel => KernelText.Of(kernel)).ToList();
        Assert.Equal(9, narrow.Select(kernel => kernel.File).Distinct().Count());
        Assert.True(wide.Select(kernel => kernel.File).Distinct().Count() >= 4);
        Assert.All(narrow, kernel => Assert.Equal(0, Spills(kernel, "sm_80")));
        Assert.All(wide, kernel => Assert.Equal(0, Spills(kernel, "sm_90")));
    }

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void With_too_few_registers_values_are_spilled() =>
        Assert.True(Spills(new("Activation", "gateBackward", "TYPE=bf16 PACK=8 KIND=0 WIDTH=5632"), "sm_80", "--maxrregcount=24") > 0);

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void NVRTC_compiles_all_variants_where_that_is_asked_for()
    {
        var all = KernelsOf(2048).Concat(KernelTests.AllKernels()).Distinct().Index().ToList();
        if (Environment.GetEnvironmentVariable("KERNEL_TEXTS") is { Length: > 0 } folder)
        {
            foreach (var (index, kernel) in all)
                File.WriteAllText(Path.Combine(folder, $"{kernel.File}-{index}.cu"), KernelText.Of(kernel));
        }

        if (Environment.GetEnvironmentVariable("NVRTC_ALL") != "1")
            all = all[..1];
        foreach (var (_, kernel) in all)
        {
            Compile(kernel, "sm_80");
            Compile(kernel, "sm_90");
        }
    }

    // What a step of a model in bf16 starts, and of the same with the biases of a LayerNorm: a stream in fp32, heads of 64 entries.
    private static HashSet<KernelVariant> KernelsOf(int width)
    {
        using var scope = NewDisposeScope();
        var launcher = new RecordingLauncher();
        var operations = new CudaOperations(launcher);
        var (stream, output) = (zeros(2, width), zeros(2, width, dtype: ScalarType.BFloat16));
        var (gain, bias, total) = (ones(width), zeros(width), zeros(1, dtype: ScalarType.Float64));
        foreach (var isCentered in new[] { false, true })
        {
            var norm = new NormParameters(gain, isCentered ? bias : null, 1e-5, isCentered);
            var statistics = zeros(0);
            if (isCentered)
                operations.Normalize(norm, stream, output.dtype, out statistics);
            else
                operations.AddAndNormalize(norm, stream, output, output.dtype, out _, out statistics);
            var biasGradient = isCentered ? zeros(width) : null;
            operations.NormalizeBackward(norm, stream, statistics, output, zeros(2, width), zeros(width), biasGradient, output.clone());
        }

        var heads = zeros(1, 2, 3 * width / 64, 64, dtype: output.dtype);
        operations.Rotate(heads, new RotaryAngles(zeros(2, 32), zeros(2, 32)), 0, 2 * width / 64, 1);
        var both = zeros(2, 6 * width, dtype: output.dtype);
        var (gate, up) = (both.narrow(1, 0, 3 * width), both.narrow(1, 3 * width, 3 * width));
        operations.GateBackward(Activation.Silu, gate, up, operations.Gate(Activation.Silu, gate, up));
        operations.ActivateBackward(Activation.Gelu, both, operations.Activate(Activation.Gelu, both));
        operations.CrossEntropy(zeros(2, 50257, dtype: output.dtype), zeros(2, 1, dtype: ScalarType.Int64), total, 1, LogitForm.Plain);
        operations.Blend(stream, stream, 0.5, output, output);
        operations.Add(stream, output);
        var clip = operations.Norm([stream]);
        operations.AdamW([new(stream, stream, stream, stream, output, 1)], new AdamWConstants(1e-3, 0.9, 0.95, 1e-8, 0.1), clip);
        return launcher.Kernels;
    }

    private static void Compile(KernelVariant kernel, string architecture) => Spills(kernel, architecture);

    // Bytes that all kernels of a text write to memory for want of registers, as the assembler's table says.
    private static int Spills(KernelVariant kernel, string architecture, params string[] more)
    {
        string[] options = [$"--gpu-architecture={architecture}", "--std=c++17", "--ptxas-options=-v", .. more];
        Assert.NotEmpty(RealNvrtc.Instance!.Compile(KernelText.Of(kernel), $"{kernel.File}.cu", options, toPtx: false, out var log));
        var stores = SpillStores().Matches(log);
        Assert.NotEmpty(stores);
        return stores.Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex SpillStores();
}
