using LowRank.Layers;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

/// <summary>Matrices of one shape taken together: where they lie, and that each gets the step that it would get by itself.</summary>
public sealed class MatrixBatchTests
{
    private const long All = long.MaxValue;

    [Fact]
    public void Every_matrix_is_in_one_batch_and_seen_where_it_lies()
    {
        using var scope = NewDisposeScope();
        using var model = new Blocks(ScalarType.Float32);
        using var parameters = new FlatParameters(model);
        var seen = new List<string>();
        foreach (var buffer in parameters.Buffers)
        {
            foreach (var batch in MatrixBatch.All(buffer.Slices, All))
            {
                seen.AddRange(batch.Slices.Select(slice => slice.Name));
                var view = batch.View(buffer.Values);
                Assert.Equal(batch.Count == 1 ? 2 : 3, view.dim());
                for (var index = 0; index < batch.Count; index++)
                {
                    var own = batch.Count == 1 ? view : view.select(0, index);
                    Assert.True(own.equal(batch.Slices[index].Parameter).all().item<bool>());
                }
            }
        }

        Assert.Equal(parameters.Buffers.SelectMany(buffer => buffer.Slices).Select(slice => slice.Name).Order(), seen.Order());
    }

    [Fact]
    public void Blocks_that_repeat_are_batches_and_matrices_that_do_not_are_alone()
    {
        using var model = new Blocks(ScalarType.Float32);
        using var parameters = new FlatParameters(model);
        var matrices = parameters.Buffers.Single(buffer => buffer.Kind == ParameterKind.Matrix).Slices;
        // In each of five blocks two of a shape and one of another between them; one that nothing is like.
        Assert.Equal([1, 5, 5, 5], MatrixBatch.All(matrices, All).Select(batch => batch.Count).Order());
        Assert.Equal([1, 1, 1, 1, 1, 1, 2, 2, 3, 3], MatrixBatch.All(matrices, 3 * Blocks.Elements).Select(batch => batch.Count).Order());
        Assert.All(MatrixBatch.All(matrices, 0), batch => Assert.Equal(1, batch.Count));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-13)]
    [InlineData(ScalarType.Float32, 2e-6)]
    public void Together_they_step_as_one_by_one(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (alone, together) = (Run(type, largest: 0), Run(type, All));
        foreach (var (name, value) in alone)
        {
            var difference = (value - together[name]).abs().max().to(ScalarType.Float64).item<double>();
            Assert.True(difference <= tolerance, $"{name}: {difference}");
        }
    }

    [Fact]
    public void Guides_of_one_shape_step_together_though_each_has_its_own_buffer()
    {
        using var scope = NewDisposeScope();
        var (alone, together) = (StepGuides(largest: 0, [1, 1, 1, 1, 1]), StepGuides(2 * 8 * 6, [2, 2, 1]));
        for (var index = 0; index < alone.Count; index++)
        {
            var difference = (alone[index] - together[index]).abs().max().item<double>();
            Assert.True(difference <= 1e-13, $"guide {index}: {difference}");
        }
    }

    // Seven guides, of which one has another shape and one takes no part in the step.
    private static List<Tensor> StepGuides(long largest, int[] together)
    {
        using var scope = NewDisposeScope();
        using var model = new Guided();
        using var parameters = new FlatParameters(model);
        var guides = parameters.Buffers.Where(buffer => buffer.Kind == ParameterKind.Guide).ToList();
        var muon = new MuonRule(guides, 0.95, 0.1, largest);
        guides[5].IsActive = false;
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(17);
        foreach (var guide in guides)
        {
            using var gradient = randn(guide.Length, ScalarType.Float64, generator: generator);
            guide.Gradients.copy_(gradient);
        }

        using var clip = GradientClip.Of([.. guides.Select(guide => guide.Gradients)], 1);
        muon.Update(0.01, clip);
        Assert.Equal(0, guides[5].Values.abs().sum().item<double>());
        Assert.All(guides.Where(guide => guide.IsActive), guide => Assert.True(guide.Values.abs().sum().item<double>() > 0));
        Assert.All(guides.Where(guide => guide.IsActive), guide => Assert.Equal(0, guide.Gradients.abs().sum().item<double>()));
        var batches = muon.Alike(guides.Where(guide => guide.IsActive)).Select(batch => batch.Length);
        Assert.Equal([.. together, 1], batches);
        return [.. guides.Select(guide => guide.Values.clone().MoveToOuterDisposeScope())];
    }

    [Fact]
    public void In_brain_floats_the_singular_values_end_near_one()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new long[][] { [3, 40, 24], [3, 24, 40] })
        {
            var (_, values, _) = linalg.svd(NewtonSchulz.Orthogonalize(randn(shape), ScalarType.BFloat16), fullMatrices: false);
            Assert.InRange(values.min().item<float>(), 0.5f, 1.3f);
            Assert.InRange(values.max().item<float>(), 0.5f, 1.3f);
        }

        Assert.Equal(0, NewtonSchulz.Orthogonalize(zeros(2, 3, 5)).abs().max().item<float>());
    }

    [Fact]
    public void On_the_CPU_each_is_taken_by_itself() => Assert.Equal(0, NewtonSchulz.BatchElements(zeros(2, 2)));

    private static Dictionary<string, Tensor> Run(ScalarType type, long largest)
    {
        using var model = new Blocks(type);
        using var parameters = new FlatParameters(model);
        var factors = parameters.Lasting.Single(buffer => buffer.Kind == ParameterKind.Factor);
        var spectron = new SpectronRule(factors, model.modules().OfType<LowRankLinear>(), new(0.9, 1, 0.1), largest);
        var muon = new MuonRule(parameters.Lasting.Where(buffer => buffer.Kind == ParameterKind.Matrix), 0.95, 0.1, largest);
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(17);
        for (var step = 0; step < 3; step++)
        {
            foreach (var parameter in model.parameters())
            {
                using var gradient = randn(parameter.shape, ScalarType.Float64, generator: generator);
                parameter.grad!.copy_(gradient);
            }

            using var clip = GradientClip.Of([.. parameters.Lasting.Select(buffer => buffer.Gradients)], 1);
            spectron.Update(0.01, clip);
            muon.Update(0.01, clip);
        }

        return model.named_parameters().ToDictionary(named => named.name, named => named.parameter.clone());
    }

    private sealed class Guided : nn.Module
    {
        public Guided()
            : base(nameof(Guided))
        {
            var options = new ModelOptions { DataType = ScalarType.Float64 };
            for (var index = 0; index < 7; index++)
                register_module($"layer{index}", new LowRankLinear(6, index == 3 ? 4 : 8, rank: 2, bias: false, guide: true, options));
        }
    }

    // Five blocks, in each of them two matrices and two factored layers of one shape, and a matrix of another.
    private sealed class Blocks : nn.Module
    {
        public const long Elements = 8 * 6;

        public Blocks(ScalarType type)
            : base(nameof(Blocks))
        {
            var options = new ModelOptions { DataType = type };
            for (var block = 0; block < 5; block++)
            {
                register_module($"first{block}", new Linear(6, 8, bias: false, options));
                register_module($"wide{block}", new Linear(20, 4, bias: false, options));
                register_module($"u{block}", new LowRankLinear(8, 8, rank: 3, bias: false, guide: false, options));
                register_module($"second{block}", new Linear(6, 8, bias: false, options));
                register_module($"w{block}", new LowRankLinear(8, 8, rank: 3, bias: false, guide: false, options));
            }

            register_module("odd", new Linear(5, 4, bias: false, options));

            using var noGradient = no_grad();
            using var generator = new TorchSharp.torch.Generator(11);
            foreach (var (_, parameter) in named_parameters())
            {
                using var draw = randn(parameter.shape, ScalarType.Float64, generator: generator);
                parameter.copy_(draw);
            }
        }
    }
}
