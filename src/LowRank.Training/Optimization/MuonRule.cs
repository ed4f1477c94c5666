using LowRank.Kernels;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of Muon (Jordan et al., 2024): Nesterov momentum, orthogonalized. One number is kept per element. The step is scaled by
/// <c>0.2·√max(m, n)</c> (Liu et al., 2025, arXiv:2502.16982), which gives it the root mean square that AdamW's steps have: one learning
/// rate and one decay suit both rules of a model.
/// </summary>
internal sealed class MuonRule : IUpdateRule
{
    private const double RootMeanSquare = 0.2;

    private readonly double momentum;
    private readonly double weightDecay;
    private readonly long? largestBatch;
    private readonly List<(FlatBuffer Buffer, Tensor Momentum, List<MatrixBatch> Batches)> all;

    /// <summary>Allocates the momentum.</summary>
    /// <param name="buffers">Matrices.</param>
    /// <param name="momentum">μ, in [0, 1).</param>
    /// <param name="weightDecay">λ of the decoupled decay.</param>
    /// <param name="largestBatch">How many elements of equal matrices are taken together; null for what suits their device.</param>
    public MuonRule(IEnumerable<FlatBuffer> buffers, double momentum, double weightDecay, long? largestBatch = null)
    {
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        this.largestBatch = largestBatch;
        all = [.. buffers.Select(buffer => (buffer, buffer.Allocate("momentum"), MatrixBatch.All(buffer.OwnSlices, Largest(buffer))))];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, GradientClip clip)
    {
        // Named, and not made from the numbers in each call: nothing else would hold them while it runs.
        using Tensor share = 1 - momentum;
        using Tensor lookAhead = momentum;
        var active = all.Where(entry => entry.Buffer is { IsReleased: false, IsActive: true, OwnLength: > 0 }).ToList();
        foreach (var (buffer, mean, _) in active)
        {
            clip.Apply(buffer.OwnGradients);
            mean.lerp_(buffer.OwnGradients, share);
            buffer.OwnGradients.lerp_(mean, lookAhead);
            buffer.OwnValues.MultiplyInPlace(1 - learningRate * weightDecay);
        }

        foreach (var (buffer, _, batches) in active.Where(entry => entry.Buffer.Kind != ParameterKind.Guide))
        {
            foreach (var batch in batches)
            {
                using var direction = batch.View(buffer.OwnGradients);
                using var orthogonal = NewtonSchulz.Orthogonalize(direction);
                using var values = batch.View(buffer.OwnValues);
                values.AddInPlace(orthogonal, -learningRate * Scale(values));
            }
        }

        foreach (var guides in Alike(active.Select(entry => entry.Buffer).Where(buffer => buffer.Kind == ParameterKind.Guide)))
            Step(guides, learningRate);
        foreach (var (buffer, _, _) in active)
            buffer.OwnGradients.zero_();
    }

    /// <summary>
    /// Guides that are orthogonalized together: of one shape, no more than a batch has. Each has a buffer of its own, which is freed by
    /// itself, and takes part in a step or doesn't.
    /// </summary>
    /// <param name="guides">Buffers with one matrix each.</param>
    internal IEnumerable<FlatBuffer[]> Alike(IEnumerable<FlatBuffer> guides) =>
        guides
            .GroupBy(guide => (guide.Slices[0].Parameter.shape[0], guide.Slices[0].Parameter.shape[1]))
            .SelectMany(alike => alike.Chunk(MatrixBatch.Most(alike.First().Slices[0].Count, Largest(alike.First()))));

    private static void Step(FlatBuffer[] guides, double learningRate)
    {
        using var scope = NewDisposeScope();
        var directions = guides.Select(guide => FlatBuffer.View(guide.OwnGradients, guide.OwnSlices[0])).ToArray();
        var orthogonal =
            guides.Length == 1 ? [NewtonSchulz.Orthogonalize(directions[0])] : NewtonSchulz.Orthogonalize(stack(directions)).unbind();
        foreach (var (guide, step) in guides.Zip(orthogonal))
            FlatBuffer.View(guide.OwnValues, guide.OwnSlices[0]).AddInPlace(step, -learningRate * Scale(step));
    }

    private long Largest(FlatBuffer buffer) => largestBatch ?? NewtonSchulz.BatchElements(buffer.Values);

    private static double Scale(Tensor matrix) => RootMeanSquare * Math.Sqrt(Math.Max(matrix.shape[^2], matrix.shape[^1]));
}
