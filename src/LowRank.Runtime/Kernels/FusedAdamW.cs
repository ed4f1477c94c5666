using LowRank.Dispatch;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// The update of AdamW by libtorch's own fused kernel: one pass where tensor operations take a dozen. It has code for the CPU and CUDA.
/// </summary>
/// <param name="library">libtorch's C interface; null for that of the loaded library.</param>
internal sealed class FusedAdamW(TorchInterface? library = null)
{
    internal static readonly FusedAdamW Shared = new();

    private readonly TorchOperator update = new(Schema, library);

    private bool isRefused;

    internal const string Schema =
        "_fused_adamw_(Tensor(a!)[] self, Tensor(b!)[] grads, Tensor(c!)[] exp_avgs, Tensor(d!)[] exp_avg_sqs, "
        + "Tensor(e!)[] max_exp_avg_sqs, Tensor[] state_steps, *, float lr, float beta1, float beta2, float weight_decay, float eps, "
        + "bool amsgrad, bool maximize, Tensor? grad_scale=None, Tensor? found_inf=None) -> ()";

    /// <summary>Updates parameters and clears their gradients, as <see cref="IFusedOperations.AdamW"/>.</summary>
    /// <param name="all">Parameters, gradients and moments of one type, on one device.</param>
    /// <param name="constants">The constants.</param>
    /// <param name="clip">What the gradients are multiplied by first: a float64 scalar on the device.</param>
    /// <returns>Whether it could; if not, nothing was changed.</returns>
    public bool Update(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, Tensor clip)
    {
        if (isRefused || !update.CanBeCalled)
            return false;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        // The kernel divides by it.
        var divisor = clip.reciprocal().to(ScalarType.Float32);
        try
        {
            Call(all, constants, divisor);
        }
        catch (TorchOperatorException)
        {
            // No code for this device: the dispatcher says so before anything is changed.
            isRefused = true;
            return false;
        }

        foreach (var buffers in all)
        {
            buffers.Gradients.zero_();
            buffers.Copy?.copy_(buffers.Values);
        }

        return true;
    }

    private void Call(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, Tensor divisor)
    {
        using var results = update.Call(
            all.Select(buffers => buffers.Values).ToArray(),
            all.Select(buffers => buffers.Gradients).ToArray(),
            all.Select(buffers => buffers.FirstMoments).ToArray(),
            all.Select(buffers => buffers.SecondMoments).ToArray(),
            Array.Empty<Tensor>(),
            Counts(all, divisor.device),
            constants.LearningRate,
            constants.Beta1,
            constants.Beta2,
            constants.WeightDecay,
            constants.Epsilon,
            false,
            false,
            divisor,
            OperatorArgument.None
        );
    }

    // Written by a kernel, since a copy from the CPU would be waited for; buffers mostly share their count.
    private static Tensor[] Counts(IReadOnlyList<AdamWBuffers> all, Device device)
    {
        var counts = new Dictionary<long, Tensor>();
        return
        [
            .. all.Select(buffers =>
            {
                if (!counts.TryGetValue(buffers.Updates, out var count))
                    counts.Add(buffers.Updates, count = empty([], ScalarType.Float32, device).FillInPlace(buffers.Updates));

                return count;
            }),
        ];
    }
}
