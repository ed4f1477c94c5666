using LowRank.EndToEnd.Tests.Cuda;
using LowRank.Kernels;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>
/// Gate and up of a gated unit as one product, over weights that lie together in an optimizer's buffer: the way of a GPU, by libtorch's
/// operators on the CPU, held against the two products of autograd.
/// </summary>
public sealed class JoinedProductTests
{
    public static TheoryData<string, string, bool> Cases =>
        new()
        {
            // Full-size: without and with biases, and in experts.
            { "ColaForm", "dense", true },
            { "ResidualForm", "dense", true },
            { "MixtralForm", "dense", true },
            // Effective weights, while the guides are whole and while they fade; factors.
            { "QwenForm", "guided", true },
            { "MixtralForm", "half", true },
            { "MixtralForm", "factored", true },
            // One of another form than the other can't be joined.
            { "CappedForm", "factored", false },
            { "ResidualForm", "half", false },
        };

    public static TheoryData<string, string> Joined =>
        [.. Cases.Select(entry => entry.Data).Where(entry => entry.Item3).Select(entry => (entry.Item1, entry.Item2))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_product_has_the_gradients_of_two(string name, string phase, bool isJoined)
    {
        var operations = new HalfOperations();
        Compare(name, phase, "cpu", operations);
        Assert.NotEmpty(operations.AreHalves);
        Assert.All(operations.AreHalves, isHalf => Assert.Equal(isJoined, isHalf));
    }

    [Theory(Skip = Gpu.Missing, SkipUnless = nameof(Gpu.IsThere), SkipType = typeof(Gpu))]
    [MemberData(nameof(Joined))]
    public void On_a_GPU_one_product_has_the_gradients_of_two(string name, string phase) =>
        Compare(name, phase, Gpu.Name, replacement: null);

    private static void Compare(string name, string phase, string where, TensorOperations? replacement)
    {
        using var scope = NewDisposeScope();
        var entry = ModelCatalog.Models.Single(model => model.Name == name);
        var options = new ModelOptions
        {
            DataType = ScalarType.Float64,
            Device = device(where),
            Seed = 5,
            Guided = phase is "guided" or "half",
        };
        using var model = (phase == "dense" ? entry.Dense! : entry).Create(options);
        using (no_grad())
        {
            using var generator = new TorchSharp.torch.Generator(11);
            foreach (var (_, parameter) in model.named_parameters())
                parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator).to(options.Device), 0.05);
        }

        using var parameters = new FlatParameters(model);
        var position = phase == "half" ? 6 : 0;
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

        var byAutograd = Take(model, parameters);
        using var replaced = replacement is null ? null : FusedOperations.Replace(replacement);
        using var noGradient = no_grad();
        // Twice, as micro-batches add up.
        using (var step = model.BeginStep(position, 20))
        {
            for (var pass = 0; pass < 2; pass++)
            {
                Assert.True(allclose(hidden, model.Record(tokens, step.Tape), 1e-12, 1e-12));
                model.Backward(upstream * 0.5, step.Tape);
                Assert.Equal(0, step.Tape.Count);
            }

            step.Update(() => { });
        }

        RecordedPassTests.Compare(byAutograd, Take(model, parameters), 1e-10);
    }

    private static Dictionary<string, Tensor> Take(LanguageModel model, FlatParameters parameters)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var gradients = model
            .named_parameters()
            .ToDictionary(named => named.name, named => named.parameter.grad!.clone().MoveToOuterDisposeScope());
        foreach (var buffer in parameters.Buffers)
            buffer.Gradients.zero_();
        return gradients;
    }

    // Whether each gate was one half of a wider row.
    private sealed class HalfOperations : TensorOperations
    {
        public List<bool> AreHalves { get; } = [];

        public override Tensor Gate(Activation activation, Tensor gate, Tensor up)
        {
            AreHalves.Add(gate.stride()[^2] == 2 * gate.shape[^1] && up.stride()[^2] == 2 * gate.shape[^1]);
            return base.Gate(activation, gate, up);
        }
    }
}
