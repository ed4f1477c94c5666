using LowRank.Layers;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Optimization;

/// <summary>
/// A tall and a wide full-size matrix and a factored layer in double precision, with gradients drawn by seed: small enough that the
/// references of the tests are a few lines each.
/// </summary>
internal sealed class TwoLayers : nn.Module
{
    private static readonly ModelOptions Double = new() { DataType = ScalarType.Float64 };

    public TwoLayers(bool guide = false)
        : base(nameof(TwoLayers))
    {
        Tall = new Linear(6, 10, bias: true, Double);
        Wide = new Linear(9, 5, bias: false, Double);
        Factored = new LowRankLinear(8, 7, rank: 3, bias: false, guide, Double);
        register_module("tall", Tall);
        register_module("wide", Wide);
        register_module("factored", Factored);
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var (_, parameter) in named_parameters())
        {
            using var draw = randn(parameter.shape, ScalarType.Float64, generator: generator);
            parameter.copy_(draw);
        }
    }

    public Linear Tall { get; }

    public Linear Wide { get; }

    public LowRankLinear Factored { get; }

    /// <summary>
    /// Fills every gradient with the draw of a step. Every other step's are so small that they are not clipped.
    /// </summary>
    /// <returns>The clipped gradients by the parameters' names, for a largest norm of 1.</returns>
    public Dictionary<string, Tensor> Draw(int step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new TorchSharp.torch.Generator((ulong)(100 + step));
        var drawn = named_parameters()
            .ToDictionary(
                named => named.name,
                named => randn(named.parameter.shape, ScalarType.Float64, generator: generator).mul(step % 2 == 0 ? 1 : 1e-3)
            );
        foreach (var (name, parameter) in named_parameters())
            parameter.grad!.copy_(drawn[name]);
        var norm = Math.Sqrt(drawn.Values.Sum(gradient => gradient.square().sum().item<double>()));
        return drawn.ToDictionary(entry => entry.Key, entry => entry.Value.mul(Math.Min(1, 1 / (norm + 1e-6))).MoveToOuterDisposeScope());
    }

    /// <summary>The values by the parameters' names, copied.</summary>
    public Dictionary<string, Tensor> Copy()
    {
        using var noGradient = no_grad();
        return named_parameters().ToDictionary(named => named.name, named => named.parameter.clone());
    }

    /// <summary>Holds the values against expected ones.</summary>
    public void AssertEqual(IReadOnlyDictionary<string, Tensor> expected)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in named_parameters())
        {
            var difference = parameter.detach().sub(expected[name]).abs().max().item<double>();
            Assert.True(difference < 1e-10, $"{name} differs by {difference}.");
            Assert.Equal(0, parameter.grad!.abs().max().item<double>());
        }
    }

    /// <summary>AdamW's own recurrence, for the parameters that an optimizer leaves to it.</summary>
    public sealed class ReferenceAdamW(AdamWOptions options)
    {
        private readonly Dictionary<string, (Tensor First, Tensor Second)> moments = [];
        private readonly Dictionary<string, int> updates = [];

        public Tensor Step(string name, Tensor value, Tensor gradient, double rate)
        {
            using var scope = NewDisposeScope();
            var (first, second) = moments.TryGetValue(name, out var before) ? before : (zeros_like(value), zeros_like(value));
            first = options.Beta1 * first + (1 - options.Beta1) * gradient;
            second = options.Beta2 * second + (1 - options.Beta2) * gradient.square();
            moments[name] = scope.MoveToOuter(first, second);
            var time = updates[name] = updates.GetValueOrDefault(name) + 1;
            var corrected = first / (1 - Math.Pow(options.Beta1, time));
            var root = (second / (1 - Math.Pow(options.Beta2, time))).sqrt();
            return scope.MoveToOuter(value * (1 - rate * options.WeightDecay) - rate * corrected / (root + options.Epsilon));
        }
    }
}
