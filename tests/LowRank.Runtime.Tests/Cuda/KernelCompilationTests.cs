using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>
/// The kernels' texts are CUDA: NVRTC compiles them, which needs no GPU. KERNEL_TEXTS=folder writes the texts of all variants that tests
/// use there, for other compilers and for their tables of registers; NVRTC_ALL=1 compiles all of them.
/// </summary>
public sealed class KernelCompilationTests
{
    private const string Missing = "no NVRTC";

    // A model of width 2,048 in bf16: what a user trains.
    private static readonly KernelVariant[] Usual =
    [
        new("Norm", "normalize", "STREAM=bf16 ADDEND=bf16 OUTPUT=bf16 WIDTH=2048 CENTERED=0 ADDS=1 BIAS=0 PACK=8 TEAM=128 TEAMS=1 KEPT=1"),
        new(
            "NormBackward",
            "normalizeBackward",
            "STREAM=float UPSTREAM=bf16 INTO=float ROUNDED=bf16 WIDTH=2048 CENTERED=1 ROUNDS=1 GAIN_SUMS=1 BIAS_SUMS=1 "
                + "PACK=4 TEAM=256 TEAMS=1 KEPT=1"
        ),
        new("ColumnSums", "addColumns", "COLUMNS=2048 GAINS=2048"),
        new("Rotary", "rotate", "TYPE=bf16 PACK=8 HEAD=128 HALF=64 HEADS=48 TURNED=32"),
        new("Activation", "gateBackward", "TYPE=bf16 PACK=8 KIND=0 WIDTH=5632"),
        new("CrossEntropy", "crossEntropy", "TYPE=bf16 VOCABULARY=50257 GRADIENT=1 ALIGNED=0 THREADS=512"),
        new("Sums", "sumOfSquares", "TYPE=float PACK=4"),
        new("AdamW", "adamW", "PACK=4 COPIES=1"),
        new("Addition", "blend", "SUM=float ADDEND=bf16 PACK=4 COPIES=1"),
    ];

    private static readonly Nvrtc? Compiler = Load();

    /// <summary>Asked for by name where a test is skipped.</summary>
    public static bool IsThere => Compiler is not null;

    public static TheoryData<int> Variants => [.. Enumerable.Range(0, Usual.Length)];

    [Theory(Skip = Missing, SkipUnless = nameof(IsThere))]
    [MemberData(nameof(Variants))]
    public void NVRTC_compiles_a_kernel(int variant) => Compile(Usual[variant], variant % 2 == 0 ? "sm_80" : "sm_90");

    [Fact(Skip = Missing, SkipUnless = nameof(IsThere))]
    public void NVRTC_compiles_all_variants_where_that_is_asked_for()
    {
        var all = Usual.Concat(KernelTests.AllKernels()).Distinct().Index().ToList();
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

    private static void Compile(KernelVariant kernel, string architecture)
    {
        string[] options = [$"--gpu-architecture={architecture}", "--std=c++17"];
        Assert.NotEmpty(Compiler!.Compile(KernelText.Of(kernel), $"{kernel.File}.cu", options, toPtx: false));
    }

    private static Nvrtc? Load()
    {
        try
        {
            var folders = NvrtcFiles.Folders(null, Environment.GetEnvironmentVariable);
            return NvrtcSearch.Load(
                Environment.GetEnvironmentVariable(NvrtcSearch.Variable),
                folders,
                NvrtcFiles.Names,
                new CudaVersion(99, 0)
            );
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }
}
