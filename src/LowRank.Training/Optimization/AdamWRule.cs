using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>The update of AdamW. Two moments are kept per element. One pass also clips and clears the gradients.</summary>
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
        var active = all.Where(moments => moments.Buffer is { IsReleased: false, IsActive: true, OwnLength: > 0 }).ToList();
        if (active.Count == 0)
            return;
        var buffers = active.ConvertAll(moments => new AdamWBuffers(
            moments.Buffer.OwnValues,
            moments.Buffer.OwnGradients,
            moments.First,
            moments.Second,
            // Of a buffer that ranks share the copy is made when all have sent their part.
            moments.Buffer.IsWhole
                ? moments.Buffer.Copy
                : null,
            moments.Buffer.Updates
        ));
        var constants = new AdamWConstants(learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        FusedOperations.For(buffers[0].Values).AdamW(buffers, constants, clip.Factor);
        foreach (var (buffer, _, _) in active)
            buffer.IsCopied = buffer.IsWhole;
    }

    /// <summary>A buffer and its moments, laid out alike.</summary>
    internal sealed record Moments(FlatBuffer Buffer, Tensor First, Tensor Second);
}
