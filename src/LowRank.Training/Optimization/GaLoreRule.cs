using LowRank.Kernels;
using LowRank.Training.Wording;
using static TorchSharp.torch;

namespace LowRank.Training.Optimization;

/// <summary>
/// The update of GaLore (Zhao et al., 2024): the gradient G is projected to rank r, Adam runs on the projection, and its step is projected
/// back. For a matrix m×n are kept the projection, <c>r·min(m, n)</c> numbers, and both moments, <c>2r·max(m, n)</c>; nothing of full size.
/// </summary>
internal sealed class GaLoreRule : IUpdateRule
{
    private readonly GaLoreOptions options;
    private readonly List<(FlatBuffer Buffer, List<Projected> Matrices)> all;

    /// <summary>Allocates the state.</summary>
    /// <param name="buffers">Full-size matrices.</param>
    /// <param name="options">The constants.</param>
    /// <exception cref="InputException">The rank is larger than a matrix.</exception>
    public GaLoreRule(IEnumerable<FlatBuffer> buffers, GaLoreOptions options)
    {
        this.options = options;
        var chosen = buffers.ToList();
        foreach (var slice in chosen.SelectMany(buffer => buffer.Slices))
        {
            var (rows, columns) = (slice.Parameter.shape[0], slice.Parameter.shape[1]);
            if (options.Rank > Math.Min(rows, columns))
            {
                // The name that it has among the options of a run.
                throw InputException.Naming(
                    $"{new OptionName("GaLoreRank")} {options.Rank} is larger than the smaller side of {slice.Name}, which is {rows} × {columns}; choose at most {chosen.SelectMany(buffer => buffer.Slices).Min(other => other.Parameter.shape.Min())}."
                );
            }
        }

        all = [.. chosen.Select(buffer => (buffer, buffer.Slices.Select(slice => Prepare(buffer, slice)).ToList()))];
    }

    /// <inheritdoc/>
    public void Update(double learningRate, GradientClip clip)
    {
        foreach (var (buffer, matrices) in all.Where(entry => entry.Buffer is { IsReleased: false, IsActive: true }))
        {
            clip.Apply(buffer.Gradients);
            var step =
                learningRate * Math.Sqrt(1 - Math.Pow(options.Beta2, buffer.Updates)) / (1 - Math.Pow(options.Beta1, buffer.Updates));
            var refresh = (buffer.Updates - 1) % options.Gap == 0;
            foreach (var matrix in matrices)
                Update(buffer, matrix, step, refresh);
            if (options.WeightDecay > 0)
                buffer.Values.MultiplyInPlace(1 - learningRate * options.WeightDecay);
            buffer.Gradients.zero_();
        }
    }

    private void Update(FlatBuffer buffer, Projected matrix, double step, bool refresh)
    {
        using var scope = NewDisposeScope();
        var gradient = FlatBuffer.View(buffer.Gradients, matrix.Slice);
        var values = FlatBuffer.View(buffer.Values, matrix.Slice);
        var (projection, first, second) = (matrix.Projection, matrix.First, matrix.Second);
        if (refresh)
            GradientSubspace.Find(gradient, projection);
        var right = gradient.shape[0] >= gradient.shape[1];
        var projected = right ? gradient.mm(projection.t()) : projection.t().mm(gradient);
        first.MultiplyInPlace(options.Beta1).AddInPlace(projected, 1 - options.Beta1);
        second.MultiplyInPlace(options.Beta2).AddProductInPlace(projected, projected, 1 - options.Beta2);
        // Scaled while it is small; addmm would take the factor in single precision.
        var normalized = first.div(second.sqrt().AddInPlace(options.Epsilon)).MultiplyInPlace(-step * options.Scale);
        if (right)
            values.addmm_(normalized, projection, 1, 1);
        else
            values.addmm_(projection, normalized, 1, 1);
    }

    private Projected Prepare(FlatBuffer buffer, FlatSlice slice)
    {
        var (rows, columns, rank) = (slice.Parameter.shape[0], slice.Parameter.shape[1], options.Rank);
        long[] moments = rows >= columns ? [rows, rank] : [rank, columns];
        return new Projected(
            slice,
            buffer.Allocate(slice, "projection", rows >= columns ? [rank, columns] : [rows, rank]),
            buffer.Allocate(slice, "first_moment", moments),
            buffer.Allocate(slice, "second_moment", moments)
        );
    }

    private sealed record Projected(FlatSlice Slice, Tensor Projection, Tensor First, Tensor Second);
}
