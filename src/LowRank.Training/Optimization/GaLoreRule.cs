using LowRank.Kernels;
using LowRank.Training.Distributed;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of GaLore (Zhao et al., 2024): the gradient G is projected to rank r, Adam runs on the projection, and its step is projected
/// back. For a matrix m×n are kept the projection, <c>r·min(m, n)</c> numbers, and both moments, <c>2r·max(m, n)</c>; nothing of full size.
/// Several ranks sum G only where projections are chosen anew, else what it is projected to, <c>r·max(m, n)</c> numbers; one of them
/// chooses
/// a matrix's projection for all. What is clipped is the projected gradient, and its norm is what counts, in one process as in several.
/// </summary>
internal sealed class GaLoreRule : IProjectingRule
{
    private readonly GaLoreOptions options;
    private readonly GradientReduction? reduction;
    private readonly List<(FlatBuffer Buffer, List<Projected> Matrices)> all;

    /// <summary>Allocates the state.</summary>
    /// <param name="buffers">Full-size matrices.</param>
    /// <param name="options">The constants.</param>
    /// <param name="reduction">How gradients go between ranks; null in a process alone.</param>
    /// <exception cref="InputException">The rank is larger than a matrix.</exception>
    public GaLoreRule(IEnumerable<FlatBuffer> buffers, GaLoreOptions options, GradientReduction? reduction = null)
    {
        (this.options, this.reduction) = (options, reduction);
        var chosen = buffers.ToList();
        GaLoreRankLimit.Check(
            [.. chosen.SelectMany(buffer => buffer.Slices).Select(slice => (slice.Name, (Tensor)slice.Parameter))],
            options.Rank
        );
        all = [.. chosen.Select(buffer => (buffer, buffer.Slices.Select((slice, index) => Prepare(buffer, slice, index)).ToList()))];
        foreach (var (buffer, _) in all)
            buffer.ReducedByRule = () => !NeedsWhole(buffer, buffer.Updates);
    }

    private IEnumerable<(FlatBuffer Buffer, List<Projected> Matrices)> Active =>
        all.Where(entry => entry.Buffer is { IsReleased: false, IsActive: true });

    /// <inheritdoc/>
    public bool Has(FlatBuffer buffer) => all.Exists(entry => ReferenceEquals(entry.Buffer, buffer));

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Project()
    {
        foreach (var (buffer, matrices) in Active)
        {
            if ((buffer.Updates - 1) % options.Gap == 0)
                FindProjections(buffer, matrices);
            // Where the sum of all ranks is not here, it is wanted elsewhere.
            var isSummed = reduction is null || NeedsWhole(buffer, buffer.Updates - 1);
            foreach (var matrix in matrices)
                matrix.Gradient = isSummed && !matrix.IsOwn ? null : Low(buffer, matrix);
            if (!isSummed)
                Reduce(matrices);
        }

        return [.. Active.SelectMany(entry => entry.Matrices).Where(matrix => matrix.IsOwn).Select(matrix => matrix.Gradient!)];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, GradientClip clip)
    {
        foreach (var (buffer, matrices) in Active)
        {
            var step =
                learningRate * Math.Sqrt(1 - Math.Pow(options.Beta2, buffer.Updates)) / (1 - Math.Pow(options.Beta1, buffer.Updates));
            foreach (var matrix in matrices)
            {
                if (matrix.IsOwn)
                {
                    clip.Apply(matrix.Gradient!);
                    Update(buffer, matrix, step);
                }

                matrix.Gradient?.Dispose();
                matrix.Gradient = null;
            }

            if (options.WeightDecay > 0)
                buffer.OwnValues.MultiplyInPlace(1 - learningRate * options.WeightDecay);
            buffer.Gradients.zero_();
        }
    }

    // A guide's gradient gives those of the factors beside it, in every step.
    private bool NeedsWhole(FlatBuffer buffer, long updates) => buffer.Kind == ParameterKind.Guide || updates % options.Gap == 0;

    private void FindProjections(FlatBuffer buffer, List<Projected> matrices)
    {
        foreach (var matrix in matrices.Where(matrix => reduction is null || matrix.Finder == reduction.Ranks.Rank))
        {
            using var gradient = FlatBuffer.View(buffer.Gradients, matrix.Slice);
            GradientSubspace.Find(gradient, matrix.Projection);
        }

        if (reduction is null)
            return;
        reduction.Ranks.AllGather([.. matrices.Select(matrix => new OwnedPart(matrix.Projection, matrix.Finder))]);
        reduction.Ranks.Wait();
    }

    private void Reduce(List<Projected> matrices)
    {
        if (reduction!.IsSharded)
            reduction.Ranks.ReduceScatter([.. matrices.Select(matrix => new OwnedPart(matrix.Gradient!, matrix.Finder))]);
        else
            reduction.Ranks.AllReduce([.. matrices.Select(matrix => matrix.Gradient!)]);
        reduction.Ranks.Wait();
    }

    private static Tensor Low(FlatBuffer buffer, Projected matrix)
    {
        using var scope = NewDisposeScope();
        var gradient = FlatBuffer.View(buffer.Gradients, matrix.Slice);
        var low = IsTall(gradient) ? gradient.mm(matrix.Projection.t()) : matrix.Projection.t().mm(gradient);
        return low.DetachFromDisposeScope();
    }

    private void Update(FlatBuffer buffer, Projected matrix, double step)
    {
        using var scope = NewDisposeScope();
        var values = FlatBuffer.View(buffer.Values, matrix.Slice);
        var (projection, projected, first, second) = (matrix.Projection, matrix.Gradient!, matrix.First!, matrix.Second!);
        first.MultiplyInPlace(options.Beta1).AddInPlace(projected, 1 - options.Beta1);
        second.MultiplyInPlace(options.Beta2).AddProductInPlace(projected, projected, 1 - options.Beta2);
        // Scaled while it is small; addmm would take the factor in single precision.
        var normalized = first.div(second.sqrt().AddInPlace(options.Epsilon)).MultiplyInPlace(-step * options.Scale);
        if (IsTall(values))
            values.addmm_(normalized, projection, 1, 1);
        else
            values.addmm_(projection, normalized, 1, 1);
    }

    private static bool IsTall(Tensor matrix) => matrix.shape[0] >= matrix.shape[1];

    private Projected Prepare(FlatBuffer buffer, FlatSlice slice, int index)
    {
        var (rows, columns, rank) = (slice.Parameter.shape[0], slice.Parameter.shape[1], options.Rank);
        long[] moments = rows >= columns ? [rows, rank] : [rank, columns];
        return new Projected(
            slice,
            // Every rank projects its own gradient.
            buffer.Allocate(slice, "projection", rows >= columns ? [rank, columns] : [rows, rank]),
            buffer.AllocateOwn(slice, "first_moment", moments),
            buffer.AllocateOwn(slice, "second_moment", moments),
            reduction is { IsSharded: false } ? index % reduction.Ranks.World : buffer.OwnerOf(slice.Offset)
        );
    }

    /// <param name="Slice">The matrix.</param>
    /// <param name="Projection">P, the same on every rank.</param>
    /// <param name="First">The first moment; null where another rank updates the matrix.</param>
    /// <param name="Second">The second moment, likewise.</param>
    /// <param name="Finder">The rank that chooses P.</param>
    private sealed record Projected(FlatSlice Slice, Tensor Projection, Tensor? First, Tensor? Second, int Finder)
    {
        /// <summary>The projected gradient, between its projection and the update.</summary>
        public Tensor? Gradient { get; set; }

        /// <summary>Whether this process updates the matrix.</summary>
        public bool IsOwn => First is not null;
    }
}
