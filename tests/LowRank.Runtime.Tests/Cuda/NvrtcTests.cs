using System.Text;
using LowRank.Cuda;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>NVRTC itself, which needs no GPU.</summary>
public sealed class NvrtcTests
{
    private const string Text = """
        #define SIZE 4
        extern "C" __global__ void divide(float* x, const float* y, long long count)
        {
            const long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x;
            if (i < count)
                x[i] = sqrtf(x[i] / y[i]) * SIZE;
        }
        """;

    private static readonly KernelVariant Kernel = new("Divide", "divide", "SIZE=4");

    [Theory(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    public void It_compiles_for_a_card(int major, int minor)
    {
        var card = new CudaVersion(major, minor);
        Assert.SkipUnless(RealNvrtc.Instance!.Architectures.Contains(card), $"This NVRTC doesn't know compute capability {card}.");
        var cubin = Compiler(card).Get(Kernel, Text, out var isKept);
        Assert.False(isKept);
        Assert.Equal("\u007fELF"u8, cubin.AsSpan(0, 4));
        Assert.True(cubin.AsSpan().IndexOf(".text.divide"u8) > 0);
    }

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void For_a_newer_card_it_writes_PTX_of_the_newest_that_it_knows()
    {
        var nvrtc = RealNvrtc.Instance!;
        var newest = nvrtc.Architectures.Max();
        var ptx = Compiler(new CudaVersion(99, 0)).Get(Kernel, Text, out _);
        Assert.Equal(0, ptx[^1]);
        Assert.Contains($".target sm_{newest.Major}{newest.Minor}", Encoding.UTF8.GetString(ptx), StringComparison.Ordinal);
    }

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void Divisions_and_roots_are_exact()
    {
        var ptx = Encoding.UTF8.GetString(Compiler(new CudaVersion(99, 0)).Get(Kernel, Text, out _));
        Assert.Contains("div.rn.f32", ptx, StringComparison.Ordinal);
        Assert.Contains("sqrt.rn.f32", ptx, StringComparison.Ordinal);
        Assert.DoesNotContain("ftz", ptx, StringComparison.Ordinal);
    }

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void An_error_says_the_file_the_line_the_constants_and_what_is_wrong()
    {
        var text = Text.Replace("* SIZE", "* SIZES", StringComparison.Ordinal);
        var error = Assert.Throws<NvrtcException>(() => Compiler(RealNvrtc.Instance!.Architectures.Max()).Get(Kernel, text, out _));
        Assert.True(error.IsAboutTheText);
        Assert.StartsWith("Divide.cu with SIZE=4 for sm_", error.Message, StringComparison.Ordinal);
        Assert.Contains("NVRTC_ERROR_COMPILATION", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Divide.cu(6): error: ", error.FirstError, StringComparison.Ordinal);
        Assert.Contains("\"SIZES\"", error.FirstError, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.FirstError);
        Assert.Contains(error.FirstError, error.Message, StringComparison.Ordinal);
    }

    [Fact(Skip = RealNvrtc.Missing, SkipUnless = nameof(RealNvrtc.IsThere), SkipType = typeof(RealNvrtc))]
    public void An_option_that_it_does_not_know_is_not_the_texts_fault()
    {
        var error = Assert.Throws<NvrtcException>(() => RealNvrtc.Instance!.Compile(Text, "Divide.cu", ["--no-such-option"], toPtx: false));
        Assert.False(error.IsAboutTheText);
        Assert.Contains("--no-such-option", error.FirstError, StringComparison.Ordinal);
    }

    [Fact(Skip = FakeCuda.Missing, SkipUnless = nameof(FakeCuda.IsThere), SkipType = typeof(FakeCuda))]
    public void What_it_compiles_reaches_the_driver()
    {
        Assert.SkipUnless(RealNvrtc.IsThere, RealNvrtc.Missing);
        using var fake = new FakeCuda();
        var newest = RealNvrtc.Instance!.Architectures.Max();
        fake.Set("driver", 99000);
        fake.Set("major", newest.Major);
        fake.Set("minor", newest.Minor);
        var surroundings = fake.Surroundings() with { NvrtcNames = [RealNvrtc.Instance.Name], Text = _ => Text };
        var launcher = new CudaMachine(surroundings).Launcher(0).Value!;
        Assert.True(launcher.Launch(Kernel, new KernelGrid(1, 32)));
        Assert.Equal("module: cubin", Assert.Single(fake.Texts()));
        Assert.Empty(fake.Told);
    }

    private static KernelCompiler Compiler(CudaVersion card) =>
        new(RealNvrtc.Instance!, KernelArchitecture.Of(RealNvrtc.Instance!, card), new KernelCache(null));
}
