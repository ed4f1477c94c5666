using LowRank.Cuda;
using LowRank.Kernels;
using LowRank.Tests.Emulation;
using static TorchSharp.torch;

namespace LowRank.Runtime.Tests.Cuda;

/// <summary>The kernels' own text, run on the CPU, held against double precision.</summary>
public sealed class KernelTests
{
    private static readonly Dictionary<string, KernelCase> Cases = new[] { NormCases.All(), ActivationCases.All(), OtherCases.All() }
        .SelectMany(cases => cases)
        .ToDictionary(each => each.Name);

    // All of them in one run of the compiler.
    private static readonly Lazy<bool> Prepared = new(() =>
    {
        EmulatedKernels.Prepare(AllKernels().Select(kernel => (kernel, KernelText.Of(kernel))));
        return true;
    });

    public static TheoryData<string> Names => [.. Cases.Keys];

    // The general operations round between two steps, and lose what they subtract large numbers from.
    public static TheoryData<string> ExactNames =>
        [
            .. Cases.Keys.Where(name =>
                !name.Contains(nameof(ScalarType.BFloat16), StringComparison.Ordinal) && !name.Contains("extreme", StringComparison.Ordinal)
            ),
        ];

    [Theory(Skip = CppCompiler.Missing, SkipUnless = nameof(CppCompiler.IsThere), SkipType = typeof(CppCompiler))]
    [MemberData(nameof(Names))]
    public void A_kernel_computes_what_double_precision_does(string name)
    {
        Assert.True(Prepared.Value);
        // What is left out by one order of threads, a missing barrier for example, is seen by the other.
        Cases[name].Run(new EmulatedLauncher(ThreadOrder.Ascending));
        Cases[name].Run(new EmulatedLauncher(ThreadOrder.Descending));
    }

    [Theory]
    [MemberData(nameof(ExactNames))]
    public void The_CPU_computes_the_same(string name) => Cases[name].Run(_ => new CpuOperations(), looseness: 20);

    /// <summary>What all cases run.</summary>
    internal static IEnumerable<KernelVariant> AllKernels() => Cases.Values.SelectMany(each => each.Kernels()).Distinct();
}
