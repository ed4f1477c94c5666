using LowRank.Kernels;
using LowRank.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of Spectron (Janson, Oyallon and Belilovsky, 2026) on the factors of a product UV: the momentum of each is orthogonalized,
/// and both take the step <c>η/(σ_U + σ_V + 1)</c>, so that UV changes by at most about η in the spectral norm. Kept are one number per
/// element and, for each factor, the left singular vector that the power iteration of σ goes on from.
/// </summary>
internal sealed class SpectronRule : IUpdateRule
{
    private readonly FlatBuffer buffer;
    private readonly SpectronOptions options;
    private readonly Tensor momentum;
    private readonly List<(Factor U, Factor V)> pairs;
    private readonly List<MatrixBatch> batches;

    /// <summary>Allocates the state.</summary>
    /// <param name="buffer">The factors.</param>
    /// <param name="linears">The layers that they belong to.</param>
    /// <param name="options">The constants.</param>
    /// <param name="largestBatch">How many elements of equal matrices are taken together; null for what suits their device.</param>
    public SpectronRule(FlatBuffer buffer, IEnumerable<LowRankLinear> linears, SpectronOptions options, long? largestBatch = null)
    {
        this.buffer = buffer;
        this.options = options;
        momentum = buffer.Allocate("momentum");
        var slices = buffer.Slices.ToDictionary(
            slice => slice.Parameter,
            ReferenceEqualityComparer.Instance as IEqualityComparer<Parameter>
        );
        pairs =
        [
            .. linears
                .Where(linear => slices.ContainsKey(linear.U))
                .Select(linear => (U: Prepare(slices[linear.U]), V: Prepare(slices[linear.V])))
                .Where(pair => pair is { U: not null, V: not null })
                .Select(pair => (pair.U!, pair.V!)),
        ];
        batches = MatrixBatch.All(
            pairs.SelectMany(pair => new[] { pair.U.Slice, pair.V.Slice }),
            largestBatch ?? NewtonSchulz.BatchElements(buffer.Values)
        );
    }

    /// <inheritdoc/>
    public void Update(double learningRate, GradientClip clip)
    {
        if (buffer.OwnLength == 0)
            return;
        clip.Apply(buffer.OwnGradients);
        using (Tensor share = 1 - options.Momentum)
            momentum.lerp_(buffer.OwnGradients, share);
        buffer.OwnValues.MultiplyInPlace(1 - learningRate * options.WeightDecay);
        using var scope = NewDisposeScope();
        var steps = new Dictionary<FlatSlice, Tensor>(ReferenceEqualityComparer.Instance);
        foreach (var (u, v) in pairs)
            steps[u.Slice] = steps[v.Slice] = Step(u, v, learningRate);
        foreach (var batch in batches)
        {
            using var inner = NewDisposeScope();
            var direction = NewtonSchulz.Orthogonalize(batch.View(momentum));
            if (batch.Count == 1)
                direction.mul_(steps[batch.Slices[0]]);
            else
            {
                var all = stack(batch.Slices.Select(slice => steps[slice]));
                direction.mul_(all.view(-1, 1, 1));
            }

            batch.View(buffer.OwnValues).AddInPlace(direction);
        }

        buffer.OwnGradients.zero_();
    }

    // σ of the decayed factors; both steps use it before either is taken.
    private Tensor Step(Factor u, Factor v, double learningRate)
    {
        using var scope = NewDisposeScope();
        var (valuesU, valuesV) = (FlatBuffer.View(buffer.OwnValues, u.Slice), FlatBuffer.View(buffer.OwnValues, v.Slice));
        return u
            .Norm.Iterate(valuesU)
            .AddInPlace(v.Norm.Iterate(valuesV))
            .AddInPlace(1)
            .reciprocal_()
            .MultiplyInPlace(-learningRate * options.RateFactor)
            .MoveToOuterDisposeScope();
    }

    // Nothing for a factor that another rank updates.
    private Factor? Prepare(FlatSlice slice)
    {
        using var values = FlatBuffer.View(buffer.Values, slice);
        return buffer.AllocateOwn(slice, "singular_vector", values.shape[0]) is { } vector
            ? new Factor(buffer.OwnSlice(slice), new SpectralNorm(values, vector))
            : null;
    }

    private sealed record Factor(FlatSlice Slice, SpectralNorm Norm);
}
