using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// A product of 16-bit matrices added to a 32-bit sum within the product itself. Its factors are <c>Scalar</c>s, which libtorch's C
/// interface can't pass in 2.10, so it is called through TorchScript. A script that doesn't compile ends the process, so a test compiles
/// this very one on the CPU.
/// </summary>
internal static class AccumulatingProduct
{
    private const string Name = "accumulate";

    // 6 is float32: TorchScript has types as integers.
    private const string Source = """
        def accumulate(sum: Tensor, left: Tensor, right: Tensor) -> Tensor:
            return torch.addmm(sum, left, right, 6, beta=1, alpha=1, out=sum)

        """;

    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(Source));

    /// <summary>Adds a product to a sum.</summary>
    /// <param name="sum"><c>[m, n]</c>, of 32-bit floats.</param>
    /// <param name="left"><c>[m, k]</c>, of bfloat16.</param>
    /// <param name="right"><c>[k, n]</c>, of bfloat16.</param>
    public static void Add(Tensor sum, Tensor left, Tensor right)
    {
        using var result = Script.Value.invoke<Tensor>(Name, sum, left, right);
    }
}
