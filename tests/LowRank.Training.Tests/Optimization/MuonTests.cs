using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

public sealed class MuonTests
{
    private const double Rate = 0.01;
    private static readonly AdamWOptions Options = new(0.9, 0.95, 1e-8, 0.1, 1.0);

    [Fact]
    public void Steps_are_those_of_the_formulas()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        var optimizer = new Muon(parameters, 0.95, Options);
        var expected = model.Copy();
        var buffers = new Dictionary<string, Tensor>();
        var adamW = new TwoLayers.ReferenceAdamW(Options);
        for (var step = 0; step < 6; step++)
        {
            foreach (var (name, gradient) in model.Draw(step))
            {
                var value = expected[name];
                if (gradient.dim() == 1)
                {
                    expected[name] = adamW.Step(name, value, gradient, Rate);
                    continue;
                }

                // The momentum as its author first wrote it, a sum and not a mean: orthogonalizing removes the factor between them.
                var momentum = buffers[name] = gradient + (buffers.TryGetValue(name, out var before) ? 0.95 * before : 0);
                var scale = 0.2 * Math.Sqrt(Math.Max(value.shape[0], value.shape[1]));
                expected[name] = value * (1 - Rate * 0.1) - Rate * scale * Orthogonal.Of(Mean(gradient + 0.95 * momentum));
            }

            optimizer.Step(Rate);
            model.AssertEqual(expected);
        }
    }

    [Fact]
    public void The_iteration_leaves_singular_values_near_one_in_either_type()
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            foreach (var shape in new long[][] { [40, 24], [24, 40] })
            {
                var (_, values, _) = linalg.svd(NewtonSchulz.Orthogonalize(randn(shape), type), fullMatrices: false);
                Assert.InRange(values.min().item<float>(), 0.5f, 1.3f);
                Assert.InRange(values.max().item<float>(), 0.5f, 1.3f);
            }
        }

        Assert.Equal(0, NewtonSchulz.Orthogonalize(zeros(3, 5)).abs().max().item<float>());
    }

    [Fact]
    public void One_number_is_kept_for_each_element_of_a_matrix_and_two_for_the_rest()
    {
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        _ = new Muon(parameters, 0.95, Options);
        foreach (var buffer in parameters.Buffers)
            Assert.Equal(buffer.Length * sizeof(double) * (buffer.Kind == ParameterKind.Other ? 2 : 1), buffer.StateBytes);
    }

    // The sum of the geometric series stands between the two momenta; the iteration's 1e-7 beside the norm must see the mean's size.
    private static Tensor Mean(Tensor sum) => sum * (1 - 0.95);
}
