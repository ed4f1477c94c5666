using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of <see cref="AdamWRule"/> by libtorch's own fused kernel, which TorchSharp doesn't bind: through TorchScript. One pass where
/// tensor operations take a dozen. A script that doesn't compile ends the process, so a test runs this very one on the CPU.
/// </summary>
internal static class FusedAdamWScript
{
    private const string Name = "adamw";

    private const string Source = """
        def adamw(values: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], largest: List[Tensor], updates: List[Tensor], divisor: Tensor, rate: float, beta1: float, beta2: float, decay: float, epsilon: float) -> Tensor:
            torch._fused_adamw_(values, gradients, first, second, largest, updates, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None)
            return divisor

        """;

    private static readonly Lazy<jit.CompilationUnit> Script = new(() => jit.compile(Source));

    /// <summary>Updates values and moments; the gradients are divided in place.</summary>
    /// <param name="all">Buffers and moments of one type, on one device.</param>
    /// <param name="options">The constants.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <param name="divisor">What the gradients are divided by: a float32 scalar on the device.</param>
    public static void Update(IReadOnlyList<AdamWRule.Moments> all, AdamWOptions options, double learningRate, Tensor divisor)
    {
        using var scope = NewDisposeScope();
        using var result = Script.Value.invoke<Tensor>(
            Name,
            all.Select(moments => moments.Buffer.Values).ToArray(),
            all.Select(moments => moments.Buffer.Gradients).ToArray(),
            all.Select(moments => moments.First).ToArray(),
            all.Select(moments => moments.Second).ToArray(),
            Array.Empty<Tensor>(),
            all.Select(moments => tensor((float)moments.Buffer.Updates, device: divisor.device)).ToArray(),
            divisor,
            learningRate,
            options.Beta1,
            options.Beta2,
            options.WeightDecay,
            options.Epsilon
        );
    }
}
