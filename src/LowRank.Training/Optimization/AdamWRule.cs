using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of AdamW. Two moments are kept per element. On the CPU in one fused pass that also clears the gradients; elsewhere with
/// tensor operations.
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
        if (FusedAdamWKernel.Takes(active.Select(moments => moments.Buffer)))
            FusedAdamWKernel.Update(active, options, learningRate, clip.OnHost);
        else
            TensorAdamWKernel.Update(active, options, learningRate, clip);
    }

    /// <summary>A buffer and its moments, laid out alike.</summary>
    internal sealed record Moments(FlatBuffer Buffer, Tensor First, Tensor Second);
}
