using LowRank.Layers;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

public sealed class SpectronTests
{
    private const double Rate = 0.01;
    private static readonly AdamWOptions Options = new(0.9, 0.95, 1e-8, 0.1, 1.0);
    private static readonly SpectronOptions Factors = new(0.9, RateFactor: 2, WeightDecay: 0.1);

    [Fact]
    public void Steps_are_those_of_the_formulas()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoLayers();
        using var parameters = new FlatParameters(model);
        var optimizer = new Spectron(parameters, Factors, 0.95, Options);
        var expected = model.Copy();
        var vectors = parameters
            .Buffers.SelectMany(buffer => buffer.State())
            .Where(state => state.Name.EndsWith(".singular_vector", StringComparison.Ordinal))
            .ToDictionary(state => state.Name.Replace(".singular_vector", "", StringComparison.Ordinal), state => state.Own!().clone());
        Assert.Equal(["factored.u", "factored.v"], vectors.Keys.Order(StringComparer.Ordinal));
        var means = new Dictionary<string, Tensor>();
        for (var step = 0; step < 6; step++)
        {
            var gradients = model.Draw(step);
            var orthogonal = new Dictionary<string, Tensor>();
            var sum = 1.0;
            foreach (var name in vectors.Keys.ToList())
            {
                expected[name] *= 1 - Rate * 0.1;
                means[name] = 0.1 * gradients[name] + (means.TryGetValue(name, out var before) ? 0.9 * before : 0);
                orthogonal[name] = Orthogonal.Of(means[name]);
                var right = expected[name].t().mv(vectors[name]);
                var left = expected[name].mv(right / right.norm());
                sum += left.norm().item<double>();
                vectors[name] = left / left.norm();
            }

            foreach (var (name, direction) in orthogonal)
                expected[name] -= Rate * 2 / sum * direction;
            optimizer.Step(Rate);
            foreach (var name in vectors.Keys)
                Assert.True(model.get_parameter(name)!.sub(expected[name]).abs().max().item<double>() < 1e-10, name);
        }
    }

    [Fact]
    public void The_other_matrices_move_as_with_Muon()
    {
        using var scope = NewDisposeScope();
        using var one = new TwoLayers();
        using var other = new TwoLayers();
        using var parameters = new FlatParameters(one);
        using var otherParameters = new FlatParameters(other);
        var spectron = new Spectron(parameters, Factors, 0.95, Options);
        var muon = new Muon(otherParameters, 0.95, Options);
        for (var step = 0; step < 3; step++)
        {
            one.Draw(step);
            other.Draw(step);
            spectron.Step(Rate);
            muon.Step(Rate);
        }

        Assert.True(one.Tall.Weight.eq(other.Tall.Weight).all().item<bool>());
        Assert.True(one.Wide.Weight.eq(other.Wide.Weight).all().item<bool>());
        Assert.True(one.Tall.Bias!.eq(other.Tall.Bias!).all().item<bool>());
        Assert.False(one.Factored.U.eq(other.Factored.U).all().item<bool>());
    }

    [Fact]
    public void The_singular_values_are_found_before_the_first_step()
    {
        using var scope = NewDisposeScope();
        // Where the two largest values lie close together, 15 iterations don't tell them apart: always the same draw.
        using var generator = new TorchSharp.torch.Generator(5);
        var matrix = randn([30, 20], ScalarType.Float64, generator: generator);
        var norm = new SpectralNorm(matrix, zeros([30], ScalarType.Float64));
        var (_, values, _) = linalg.svd(matrix);
        var largest = values[0].item<double>();
        Assert.Equal(largest, norm.Iterate(matrix).item<double>(), 0.05 * largest);
        for (var iteration = 0; iteration < 2000; iteration++)
            norm.Iterate(matrix);
        Assert.Equal(largest, norm.Iterate(matrix).item<double>(), 1e-9 * largest);
    }

    [Fact]
    public void A_guide_is_trained_beside_its_factors_and_its_state_goes_with_it()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoLayers(guide: true);
        using var parameters = new FlatParameters(model);
        var optimizer = new Spectron(parameters, Factors, 0.95, Options);
        model.Factored.Blend(0.5);
        var before = model.Copy();
        model.Factored.forward(randn([4, 8], ScalarType.Float64)).square().sum().backward();
        model.Factored.ProjectGradients();
        optimizer.Step(Rate);
        foreach (var name in new[] { "factored.guide", "factored.u", "factored.v" })
            Assert.False(before[name].eq(model.get_parameter(name)!).all().item<bool>(), name);

        var bytes = optimizer.StateBytes;
        var guide = parameters.Buffers.Single(buffer => buffer.Kind == ParameterKind.Guide).StateBytes;
        model.Factored.ReleaseGuide();
        Assert.Equal(bytes - guide, optimizer.StateBytes);
        model.Draw(0);
        optimizer.Step(Rate);
    }

    [Fact]
    public void A_model_without_factors_is_refused()
    {
        using var model = new Linear(4, 4, bias: false, new ModelOptions());
        using var parameters = new FlatParameters(model);
        var exception = Assert.Throws<InputException>(() => new Spectron(parameters, Factors, 0.95, Options));
        Assert.Contains("factored layers", exception.Message, StringComparison.Ordinal);
    }
}
