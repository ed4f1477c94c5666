using LowRank.Cuda;
using LowRank.Tests.Emulation;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>No test of a kernel is one that can't fail: an error in its text is noticed.</summary>
public sealed class PlantedErrorTests
{
    // All of them in one run of the compiler.
    private static readonly Lazy<bool> Prepared = new(() =>
    {
        var kernels = PlantedErrors.All.Select(error => error.Case).Distinct().ToDictionary(each => each, each => each.Kernels().ToList());
        EmulatedKernels.Prepare(
            PlantedErrors.All.SelectMany(error => kernels[error.Case].Select(kernel => (kernel, Text: Mistaken(error, kernel))))
        );
        return true;
    });

    public static TheoryData<string> Names => [.. PlantedErrors.All.Select(error => error.ToString())];

    [Theory(Skip = CppCompiler.Missing, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [MemberData(nameof(Names))]
    public void An_error_in_a_kernel_is_noticed(string name)
    {
        Assert.True(Prepared.Value);
        var error = PlantedErrors.All.Single(error => error.ToString() == name);
        Assert.Contains(error.Case.Kernels(), kernel => Mistaken(error, kernel) != KernelText.Of(kernel));
        Assert.True(IsNoticed(error, ThreadOrder.Ascending) || IsNoticed(error, ThreadOrder.Descending), "It makes no difference.");
    }

    private static bool IsNoticed(PlantedError error, ThreadOrder order)
    {
        try
        {
            error.Case.Run(new EmulatedLauncher(order, kernel => Mistaken(error, kernel)));
            return false;
        }
        catch (Exception exception) when (exception is Xunit.Sdk.XunitException or EmulationException)
        {
            return true;
        }
    }

    private static string Mistaken(PlantedError error, KernelVariant kernel)
    {
        // What kernels share stands before the file's own text.
        var text = KernelText.Of(kernel);
        var own = text.IndexOf($"#line 1 \"{kernel.File}.cu\"", StringComparison.Ordinal);
        if (error.File == "Common")
            return text[..own].Replace(error.Right, error.Wrong, StringComparison.Ordinal) + text[own..];
        return kernel.File == error.File ? text[..own] + text[own..].Replace(error.Right, error.Wrong, StringComparison.Ordinal) : text;
    }
}
