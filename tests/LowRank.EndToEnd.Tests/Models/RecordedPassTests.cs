using LowRank.EndToEnd.Tests.Cuda;
using LowRank.Layers;
using LowRank.Models;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>The pass that generated code differentiates by hand, held against autograd through <c>Hidden</c>.</summary>
public sealed class RecordedPassTests
{
    internal static readonly string[] Small =
    [
        "Alternating",
        "BalancedForm",
        "CappedForm",
        "ColaForm",
        "EncoderForm",
        "DeepSeekForm",
        "FactorForm",
        "GemmaForm",
        "GptForm",
        "LatentForm",
        "LatentHybrid",
        "LatentPlain",
        "MixtralForm",
        "MixtureAfter",
        "NeoForm",
        "OlmoForm",
        "PartedForm",
        "PartedParallel",
        "Patchwork",
        "PythiaForm",
        "QwenForm",
        "ResidualForm",
        "ScaledForm",
        "SideBySideAfter",
        "SmallDeclared",
        "SwitchForm",
        "Unusual",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var name in Small)
            {
                foreach (var phase in new[] { "guided", "half", "factored" })
                    cases.Add(name, phase);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_gradients_are_autograds_in_double_precision(string name, string phase)
    {
        using var scope = NewDisposeScope();
        var (byHand, byAutograd) = Gradients(name, phase, new ModelOptions { DataType = ScalarType.Float64, Seed = 5 });
        Compare(byAutograd, byHand, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Its_fused_kernels_agree_with_autograd_in_single_precision(string name, string phase)
    {
        using var scope = NewDisposeScope();
        var (byHand, byAutograd) = Gradients(name, phase, new ModelOptions { Seed = 5 });
        Compare(byAutograd, byHand, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_brain_floats_its_gradients_are_as_near_to_the_exact_ones_as_autograds(string name, string phase)
    {
        using var scope = NewDisposeScope();
        var mixed = new ModelOptions { Seed = 5, ComputeType = ScalarType.BFloat16 };
        var (byHand, byAutograd) = Gradients(name, phase, mixed);
        var (_, exact) = Gradients(name, phase, new ModelOptions { Seed = 5 });
        NearAsAutograds(byHand, byAutograd, exact);
    }

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [MemberData(nameof(Cases))]
    public void On_a_GPU_its_gradients_are_those_of_the_CPU_in_double_precision(string name, string phase)
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions { DataType = ScalarType.Float64, Seed = 5 };
        var (byHand, byAutograd) = Gradients(name, phase, options with { Device = device(Gpu.Name) });
        Compare(byAutograd, byHand, 1e-10);
        var (onCpu, _) = Gradients(name, phase, options);
        Compare(onCpu, byHand.ToDictionary(gradient => gradient.Key, gradient => gradient.Value.cpu()), 1e-10);
    }

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [MemberData(nameof(Cases))]
    public void On_a_GPU_in_brain_floats_its_gradients_are_as_near_to_the_exact_ones_as_autograds(string name, string phase)
    {
        using var scope = NewDisposeScope();
        var options = new ModelOptions { Seed = 5, Device = device(Gpu.Name) };
        var (byHand, byAutograd) = Gradients(name, phase, options with { ComputeType = ScalarType.BFloat16 });
        var (_, exact) = Gradients(name, phase, options);
        NearAsAutograds(byHand, byAutograd, exact);
    }

    [Fact]
    public void Micro_batches_add_up()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = new SmallDeclared(new ModelOptions { DataType = ScalarType.Float64, Seed = 2 });
        var tokens = randint(0, 512, [4, 20], ScalarType.Int64);
        var gradient = randn([4, 20, 64], ScalarType.Float64);
        Dictionary<string, Tensor> Run(int parts)
        {
            using var step = model.BeginStep(2, 10);
            foreach (var (some, upstream) in tokens.chunk(parts).Zip(gradient.chunk(parts)))
            {
                using (model.Record(some, step.Tape))
                    model.Backward(upstream, step.Tape);
                Assert.Equal(0, step.Tape.Count);
            }

            step.Update(() => { });
            return Take(model);
        }

        Compare(Run(1), Run(4), 1e-10);
    }

    [Fact]
    public void A_backward_pass_without_a_forward_pass_says_so()
    {
        using var model = new SmallDeclared(new ModelOptions { Initialize = false });
        using var tape = new Tape(model.Options);
        using var gradient = zeros(1, 8, 64);
        using var noGradient = no_grad();
        Assert.Contains(
            "tape is empty",
            Assert.Throws<InvalidOperationException>(() => model.Backward(gradient, tape)).Message,
            StringComparison.Ordinal
        );
    }

    private static (Dictionary<string, Tensor> ByHand, Dictionary<string, Tensor> ByAutograd) Gradients(
        string name,
        string phase,
        ModelOptions options
    )
    {
        var entry = ModelCatalog.Models.Single(model => model.Name == name);
        using var scope = NewDisposeScope();
        using var model = entry.Create(options with { Guided = phase != "factored" });
        using (no_grad())
        {
            // Gains and biases away from 1 and 0, so that no factor is invisible.
            using var generator = new TorchSharp.torch.Generator(11);
            foreach (var (_, parameter) in model.named_parameters())
                parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator).to(parameter.device), 0.05);
        }

        // Neither step ends with a rebalancing, so that both passes have the same factors.
        var position = phase == "half" ? 6 : 0;
        manual_seed(3);
        var tokens = randint(0, model.Vocabulary, [3, 29], ScalarType.Int64).to(options.Device);
        Tensor hidden;
        Tensor upstream;
        using (var step = model.BeginStep(position, 20))
        {
            hidden = model.Hidden(tokens);
            upstream = randn(hidden.shape, hidden.dtype).to(options.Device);
            hidden.backward([upstream]);
            step.Update(() => { });
        }

        var byAutograd = Take(model);

        using var noGradient = no_grad();
        using var again = model.BeginStep(position, 20);
        var recorded = model.Record(tokens, again.Tape);
        var tolerance = hidden.dtype switch
        {
            ScalarType.Float64 => 1e-12,
            ScalarType.Float32 => 1e-5,
            _ => 0.1,
        };
        Assert.True(allclose(hidden.to(ScalarType.Float64), recorded.to(ScalarType.Float64), tolerance, tolerance));
        model.Backward(upstream, again.Tape);
        Assert.Equal(0, again.Tape.Count);
        again.Update(() => { });
        return (Take(model), byAutograd);
    }

    private static void NearAsAutograds(
        Dictionary<string, Tensor> byHand,
        Dictionary<string, Tensor> byAutograd,
        Dictionary<string, Tensor> exact
    )
    {
        var whole = Norm(exact);
        foreach (var (parameter, gradient) in exact)
        {
            var own = Distance(byHand[parameter], gradient, whole);
            var theirs = Distance(byAutograd[parameter], gradient, whole);
            Assert.True(own <= 1.5 * theirs + 0.01, $"{parameter}: {own} by hand, {theirs} by autograd");
        }
    }

    internal static Dictionary<string, Tensor> Take(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        var gradients = model
            .named_parameters()
            .Where(named => named.parameter.grad is not null)
            .ToDictionary(named => named.name, named => named.parameter.grad!.clone().DetachFromDisposeScope());
        foreach (var (_, parameter) in model.named_parameters())
            parameter.grad = null;
        return gradients;
    }

    internal static void Compare(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual, double tolerance)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        var whole = Norm(expected);
        Assert.All(
            expected,
            entry =>
            {
                var distance = Distance(actual[entry.Key], entry.Value, whole);
                Assert.True(distance <= tolerance, $"{entry.Key}: {distance}");
            }
        );
    }

    // Relative to the parameter's own gradient, unless that is nothing: softmax doesn't see a key's bias, nor a guide at α = 1 its factors.
    private static double Distance(Tensor actual, Tensor expected, double whole)
    {
        using var scope = NewDisposeScope();
        var norm = expected.to(ScalarType.Float64).norm().item<double>();
        return (actual.to(ScalarType.Float64) - expected.to(ScalarType.Float64)).norm().item<double>() / Math.Max(norm, 1e-3 * whole);
    }

    private static double Norm(Dictionary<string, Tensor> gradients)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(gradients.Values.Sum(gradient => gradient.to(ScalarType.Float64).square().sum().item<double>()));
    }
}
