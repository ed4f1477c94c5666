using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of AdamW. Two moments are kept per element. On the CPU in one fused pass that also clears the gradients, on CUDA with
/// libtorch's fused kernel, elsewhere with tensor operations.
/// </summary>
internal sealed class AdamWRule : IUpdateRule
{
    private readonly AdamWOptions options;
    private readonly List<Moments> all;

    /// <summary>Allocates the moments.</summary>
    /// <param name="buffers">The parameters.</param>
    /// <param name="options">The constants.</param>
    public AdamWRule(IEnumerable<FlatBuffer> buffers, AdamWOptions options)
    {
        this.options = options;
        all = [.. buffers.Select(buffer => new Moments(buffer, buffer.Allocate("first_moment"), buffer.Allocate("second_moment")))];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, GradientClip clip)
    {
        var active = all.Where(moments => moments.Buffer is { IsReleased: false, IsActive: true }).ToList();
        if (active.Count == 0)
            return;
        if (clip.IsOnHost && FusedAdamWKernel.Takes(active.Select(moments => moments.Buffer)))
            FusedAdamWKernel.Update(active, options, learningRate, clip.OnHost);
        else if (
            active.TrueForAll(moments =>
                moments.Buffer.Values.device_type == DeviceType.CUDA && moments.Buffer.Values.dtype == ScalarType.Float32
            )
        )
            UpdateOnDevice(active, learningRate, clip);
        else
            TensorAdamWKernel.Update(active, options, learningRate, clip);
    }

    private void UpdateOnDevice(List<Moments> active, double learningRate, GradientClip clip)
    {
        using var scope = NewDisposeScope();
        FusedAdamWScript.Update(active, options, learningRate, clip.Divisor());
        foreach (var (buffer, _, _) in active)
            buffer.Gradients.zero_();
    }

    /// <summary>A buffer and its moments, laid out alike.</summary>
    internal sealed record Moments(FlatBuffer Buffer, Tensor First, Tensor Second);
}
