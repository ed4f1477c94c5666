using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

public sealed class GaLoreTests
{
    private const double Rate = 0.01;
    private const int Rank = 2;
    private static readonly AdamWOptions Options = new(0.9, 0.999, 1e-6, 0.1, 1.0);
    private static readonly GaLoreOptions Projected = new(Rank, Gap: 3, Scale: 0.25, 0.9, 0.999, 1e-6, WeightDecay: 0.1);

    // Seven steps: projections are found before the first, the fourth and the seventh. Tall and wide matrices take part.
    [Fact]
    public void Steps_are_those_of_the_formulas_across_new_projections()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        var optimizer = new GaLore(parameters, Projected, Options);
        var expected = model.Copy();
        var adamW = new TwoLayers.ReferenceAdamW(Options);
        var projections = new Dictionary<string, Tensor>();
        var moments = new Dictionary<string, (Tensor First, Tensor Second)>();
        for (var step = 0; step < 7; step++)
        {
            _ = model.Draw(step);
            var gradients = new Dictionary<string, Tensor>();
            foreach (var (name, parameter) in model.named_parameters())
            {
                var gradient = parameter.grad!.clone();
                if (IsProjected(name) && step % 3 == 0)
                {
                    var (u, _, vh) = linalg.svd(gradient, fullMatrices: false);
                    projections[name] = IsTall(gradient)
                        ? PositiveLargest(vh.narrow(0, 0, Rank).t()).t()
                        : PositiveLargest(u.narrow(1, 0, Rank));
                }

                gradients[name] =
                    !IsProjected(name) ? gradient
                    : IsTall(gradient) ? gradient.mm(projections[name].t())
                    : projections[name].t().mm(gradient);
            }

            // What is clipped is what the update reads: projections, and the gradients of all others.
            var norm = Math.Sqrt(gradients.Values.Sum(gradient => gradient.square().sum().item<double>()));
            foreach (var (name, unclipped) in gradients)
            {
                var low = unclipped * Math.Min(1, 1 / (norm + 1e-6));
                var value = expected[name];
                if (!IsProjected(name))
                {
                    expected[name] = adamW.Step(name, value, low, Rate);
                    continue;
                }

                var (tall, projection) = (IsTall(value), projections[name]);
                var (first, second) = moments.TryGetValue(name, out var before) ? before : (zeros_like(low), zeros_like(low));
                first = 0.9 * first + 0.1 * low;
                second = 0.999 * second + (1 - 0.999) * low.square();
                moments[name] = (first, second);
                var size = Rate * Math.Sqrt(1 - Math.Pow(0.999, step + 1)) / (1 - Math.Pow(0.9, step + 1));
                var normalized = first / (second.sqrt() + 1e-6);
                var back = 0.25 * (tall ? normalized.mm(projection) : projection.mm(normalized));
                var moved = value - size * back;
                expected[name] = moved - Rate * 0.1 * moved;
            }

            Assert.Equal(norm, optimizer.Step(Rate), 1e-10 * norm);
            model.AssertEqual(expected);
        }

        static bool IsProjected(string name) => name is "tall.weight" or "wide.weight";

        static bool IsTall(Tensor matrix) => matrix.shape[0] >= matrix.shape[1];
    }

    [Fact]
    public void Nothing_of_full_size_is_kept_for_a_projected_matrix()
    {
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        var optimizer = new GaLore(parameters, Projected, Options);
        var matrices = parameters.Buffers.Single(buffer => buffer.Kind == ParameterKind.Matrix);
        // 10 × 6 and 5 × 9: the projection on the smaller side, two moments along the larger one.
        Assert.Equal(sizeof(double) * Rank * (6 + 2 * 10 + 5 + 2 * 9), matrices.StateBytes);
        Assert.Equal(
            matrices.StateBytes + parameters.Buffers.Where(buffer => buffer != matrices).Sum(buffer => 2 * sizeof(double) * buffer.Length),
            optimizer.StateBytes
        );
    }

    [Fact]
    public void A_rank_larger_than_a_matrix_is_refused()
    {
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        var exception = Assert.Throws<InputException>(() => new GaLore(parameters, Projected with { Rank = 6 }, Options));
        Assert.Contains(
            "GaLoreRank 6 is larger than the smaller side of wide.weight, which is 5 × 9; choose at most 5.",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_gradient_that_is_no_number_ends_in_the_norm_and_not_in_the_solver()
    {
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        var optimizer = new GaLore(parameters, Projected, Options);
        using (no_grad())
            model.Wide.Weight.grad!.fill_(double.NaN);
        Assert.True(double.IsNaN(optimizer.Step(Rate)));
    }

    // Singular vectors are found up to their sign.
    private static Tensor PositiveLargest(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var columns = Enumerable
            .Range(0, (int)vectors.shape[1])
            .Select(index =>
            {
                var column = vectors.select(1, index);
                return column[column.abs().argmax()].item<double>() < 0 ? -column : column;
            });
        return scope.MoveToOuter(stack(columns, 1));
    }
}
