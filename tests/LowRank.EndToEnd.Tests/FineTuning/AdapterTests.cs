using System.Globalization;
using System.Text.Json;
using LowRank.EndToEnd.Tests.Models;
using LowRank.EndToEnd.Tests.Processes;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training;
using LowRank.Training.Evaluation;
using LowRank.Training.FineTuning;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;
using Linear = LowRank.Layers.Linear;

namespace LowRank.EndToEnd.Tests.FineTuning;

/// <summary>Low-rank adapters: declared, and given to a model at run time.</summary>
public sealed class AdapterTests
{
    private static readonly ModelOptions Exact = new()
    {
        DataType = ScalarType.Float64,
        Seed = 5,
        Guided = false,
        Adapters = true,
    };

    [Fact]
    public async Task Describe_tells_what_they_cost()
    {
        var (code, output, error) = await InProcess.Run("describe", nameof(Adapted), "--json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var adapters = document.RootElement.GetProperty("adapters");
        Assert.Equal(Adapted.Cost.Lora.TrainableParameters, adapters.GetProperty("parameters").GetInt64());
        Assert.Equal(Adapted.Cost.Lora.ForwardFlopsPerToken, adapters.GetProperty("forwardFlopsPerToken").GetInt64());
        Assert.Equal(Adapted.Cost.Lora.TrainingFlopsPerToken, adapters.GetProperty("trainingFlopsPerToken").GetInt64());
        var (_, table, _) = await InProcess.Run("describe", nameof(Adapted));
        Assert.Contains(
            ((double)Adapted.Cost.Lora.TrainableParameters / Adapted.Cost.Parameters).ToString("0.00 %", CultureInfo.InvariantCulture),
            table,
            StringComparison.Ordinal
        );
        using var plain = JsonDocument.Parse((await InProcess.Run("describe", nameof(Plain), "--json")).Output);
        Assert.Equal(JsonValueKind.Null, plain.RootElement.GetProperty("adapters").ValueKind);
    }

    [Fact]
    public void What_the_compiler_counts_is_what_the_live_tensors_are()
    {
        using var model = new Adapted(new ModelOptions { Guided = false, Adapters = true });
        var cost = Adapted.Cost.Summary.Adapters!;
        var trained = model.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.NumberOfElements);
        var all = model.parameters().Sum(parameter => parameter.NumberOfElements);
        Assert.Equal(Adapted.Cost.Lora.TrainableParameters, trained);
        Assert.Equal(trained + Adapted.Cost.Parameters, all);
        Assert.Equal(model.LoraAdapters.Count(), cost.Linears);
        Assert.Equal(model.FirstTrainableBlock, cost.FirstBlock);
        Assert.Equal(1, cost.FirstBlock);
        Assert.Equal(Adapted.Cost.Lora.ForwardFlopsPerToken, model.LiveForwardFlopsPerToken(32));
        Assert.Equal(Adapted.Cost.Lora.TrainingFlopsPerToken, model.LiveTrainingFlopsPerToken(32));
        Assert.Equal(
            Adapted.Cost.Lora.TrainingFlopsPerToken * (decimal)Adapted.Cost.Steps * Adapted.Cost.TokensPerStep,
            Adapted.Cost.Lora.TrainingFlops
        );
        // The parameters, and three more numbers for each that is trained.
        Assert.Equal(Adapted.Cost.Lora.State, 4m * (all + 3 * trained));

        using var whole = new Adapted(new ModelOptions { Guided = false });
        Assert.Equal(3 * whole.LiveForwardFlopsPerToken(32), whole.LiveTrainingFlopsPerToken(32));
        Assert.Equal(0, whole.FirstTrainableBlock);
    }

    [Fact]
    public void Recorded_gradients_are_autograds_and_nothing_frozen_has_any()
    {
        using var scope = NewDisposeScope();
        using var model = new Adapted(Exact);
        Disturb(model);
        manual_seed(3);
        var tokens = randint(0, 512, [3, 29], ScalarType.Int64);
        var hidden = model.Hidden(tokens);
        var upstream = randn(hidden.shape, hidden.dtype);
        hidden.backward([upstream]);
        var expected = Gradients(model);
        using (no_grad())
        {
            using var tape = new Tape(model.Options);
            var recorded = model.Record(tokens, tape);
            Assert.True(allclose(hidden, recorded, 1e-12, 1e-12));
            model.Backward(upstream, tape);
            Assert.Equal(0, tape.Count);
        }

        var actual = Gradients(model);
        Assert.Equal(AdapterNames(model), actual.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(AdapterNames(model), expected.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            expected,
            pair => Assert.True((actual[pair.Key] - pair.Value).norm().item<double>() <= 1e-10 * pair.Value.norm().item<double>(), pair.Key)
        );
    }

    [Fact]
    public void Its_updates_are_those_of_the_formula_over_several_steps()
    {
        using var scope = NewDisposeScope();
        using var layer = new LoraLinear(new Linear(6, 10, bias: true, Exact), Exact, new LoraPart("", 0, 10, Rank: 2, Alpha: 3));
        InitialWeights.Draw(layer, 4);
        layer.Weight.requires_grad = false;
        layer.Bias!.requires_grad = false;
        manual_seed(9);
        var (x, target) = (randn([7, 6], ScalarType.Float64), randn([7, 10], ScalarType.Float64));
        var adapter = layer.Adapters[0];
        var (a, b, w) = (adapter.A.detach().clone(), adapter.B.detach().clone(), layer.Weight.detach().clone());
        var moments = new[] { zeros_like(a), zeros_like(a), zeros_like(b), zeros_like(b) };
        using var parameters = new FlatParameters(layer);
        Assert.Equal(2, parameters.Lasting.Sum(buffer => buffer.Slices.Count));
        var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.95, 1e-8, 0.1, double.MaxValue));
        for (var step = 1; step <= 5; step++)
        {
            using var tape = new Tape(Exact);
            using (no_grad())
            {
                var output = layer.Record(x, tape);
                layer.Backward(output - target, tape);
            }

            optimizer.Step(0.01);

            // ½‖y − t‖², y = Wx + 1.5·BAx, by hand.
            var upstream = x.mm(w.t()) + 1.5 * x.mm(a.t()).mm(b.t()) - target;
            var (gradientA, gradientB) = (1.5 * b.t().mm(upstream.t()).mm(x), 1.5 * upstream.t().mm(x.mm(a.t())));
            a = Updated(a, gradientA, moments, 0, step);
            b = Updated(b, gradientB, moments, 2, step);
            Assert.True(allclose(adapter.A, a, 1e-10, 1e-12), $"A after step {step}");
            Assert.True(allclose(adapter.B, b, 1e-10, 1e-12), $"B after step {step}");
        }

        Assert.True(b.norm().item<double>() > 0.01);
        Assert.True(allclose(w, layer.Weight, 0, 0));
    }

    [Theory]
    [InlineData(FineTuningMethod.Lora)]
    [InlineData(FineTuningMethod.LowRank)]
    public void A_model_whose_layers_are_all_factored_is_told_so(FineTuningMethod method)
    {
        using var model = new ColaForm(new ModelOptions { Initialize = false });
        var options = new FineTuningOptions { Method = method, Rank = 2 };
        var refusal = Assert.Throws<InputException>(() =>
        {
            _ = FineTuner.Plan(model, options);
        });
        Assert.Equal("All layers of ColaForm are factored, and none is left to change; fine-tune it with Method full.", refusal.Message);
    }

    [Fact]
    public void A_step_along_the_gradient_lowers_the_loss_by_what_the_gradient_says()
    {
        using var scope = NewDisposeScope();
        using var model = new Plain(new ModelOptions { Seed = 2, DataType = ScalarType.Float64 });
        var lora = new FineTuningOptions { Method = FineTuningMethod.Lora, Rank = 4 };
        FineTuner.Plan(model, lora).ApplyTo(model, lora);
        Disturb(model);
        manual_seed(6);
        var (tokens, targets) = (randint(0, 320, [2, 16], ScalarType.Int64), randint(0, 320, [2, 16], ScalarType.Int64));
        using var tape = new Tape(model.Options);
        using var loss = NextTokenLoss.Backward(model, tokens, targets, 1, tape);
        using var noGradient = no_grad();
        var squares = 0.0;
        foreach (var parameter in model.parameters().Where(parameter => parameter.grad is not null))
        {
            Assert.True(parameter.requires_grad);
            squares += parameter.grad!.square().sum().item<double>();
            parameter.sub_(1e-6 * parameter.grad!);
        }

        var fallen = loss.item<double>() - NextTokenLoss.Sum(model, tokens, targets);
        Assert.Equal(1e-6 * squares, fallen, 1e-2 * 1e-6 * squares);
    }

    [Fact]
    public void Merged_it_computes_the_same_at_the_dense_cost_and_unmerged_it_is_what_it_was()
    {
        using var scope = NewDisposeScope();
        using var layer = new LoraLinear(
            new Linear(16, 24, bias: true, Exact),
            Exact,
            new LoraPart("first", 0, 8, 2, 4),
            new LoraPart("last", 16, 8, 3, 5)
        );
        InitialWeights.Draw(layer, 4);
        Disturb(layer);
        var x = randn([5, 16], ScalarType.Float64);
        var (weight, output, cost) = (layer.Weight.detach().clone(), layer.forward(x), layer.ForwardFlopsPerToken);
        layer.Merge();
        Assert.Equal(2 * 16 * 24, layer.ForwardFlopsPerToken);
        Assert.True(allclose(output, layer.forward(x), 1e-12, 1e-12));
        Assert.False(allclose(weight, layer.Weight, 1e-6, 1e-6));
        Assert.True(allclose(weight.narrow(0, 8, 8), layer.Weight.narrow(0, 8, 8), 0, 0)); // No adapter covers these.
        using (var tape = new Tape(Exact))
            Assert.Throws<InvalidOperationException>(() => layer.Record(x, tape));
        layer.Unmerge();
        Assert.Equal(cost, layer.ForwardFlopsPerToken);
        Assert.True(allclose(weight, layer.Weight, 1e-14, 1e-14));
        Assert.True(allclose(output, layer.forward(x), 1e-12, 1e-12));
    }

    [Fact]
    public void Dropout_is_a_function_of_its_key_and_the_way_back_drops_what_the_way_there_dropped()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var layer = new LoraLinear(new Linear(64, 8, bias: false, Exact), Exact, new LoraPart("", 0, 8, 4, 8, Dropout: 0.5));
        Disturb(layer);
        var x = ones([3, 64], ScalarType.Float64);
        Tensor Run(DropoutKey? key, out Tensor back)
        {
            using var tape = new Tape(Exact) { Dropout = key };
            var output = layer.Record(x, tape);
            back = layer.Backward(ones_like(output), tape);
            return output;
        }

        var first = Run(new(1, 2, 3), out var back);
        Assert.True(allclose(first, Run(new(1, 2, 3), out _), 0, 0));
        foreach (var other in new DropoutKey[] { new(2, 2, 3), new(1, 3, 3), new(1, 2, 4) })
            Assert.False(allclose(first, Run(other, out _), 0, 0));
        // Linear in x: what the output adds to Wx is the sum of its derivative times x.
        Assert.Equal(first.sum().item<double>(), back.sum().item<double>(), 1e-9);
        Assert.Throws<InvalidOperationException>(() => Run(null, out _));
    }

    [Fact]
    public void Adapters_alone_restore_the_model_bit_for_bit()
    {
        using var folder = new WorkFolder();
        using var tuned = new Plain(new ModelOptions { Seed = 2 });
        var lora = new FineTuningOptions
        {
            Method = FineTuningMethod.Lora,
            Rank = 4,
            Projections = Projections.Query | Projections.Value | Projections.Down,
        };
        FineTuner.Plan(tuned, lora).ApplyTo(tuned, lora);
        using (no_grad())
        {
            foreach (var adapter in tuned.LoraAdapters)
            {
                adapter.A.normal_(0, 0.3);
                adapter.B.normal_(0, 0.3);
            }
        }

        AdapterFolder.Write(folder.Under("adapter"), tuned);
        using var model = new Plain(new ModelOptions { Seed = 2 });
        using var scope = NewDisposeScope();
        using var tokens = arange(20, ScalarType.Int64).view(1, 20);
        using var noGradient = no_grad();
        Assert.False(allclose(tuned.forward(tokens), model.forward(tokens), 0, 0));
        AdapterFolder.Load(folder.Under("adapter"), model);
        Assert.True(allclose(tuned.forward(tokens), model.forward(tokens), 0, 0));
        Assert.Equal(6, model.LoraAdapters.Count());

        using var another = new Adapted();
        Assert.Contains(
            "not of LowRank.EndToEnd.Tests.FineTuning.Adapted",
            Assert.Throws<InputException>(() => AdapterFolder.Load(folder.Under("adapter"), another)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InputException>(() => AdapterFolder.Load(folder.Under("nowhere"), model));
    }

    private static Tensor Updated(Tensor value, Tensor gradient, Tensor[] moments, int at, int step)
    {
        using var scope = NewDisposeScope();
        moments[at] = scope.MoveToOuter(0.9 * moments[at] + 0.1 * gradient);
        moments[at + 1] = scope.MoveToOuter(0.95 * moments[at + 1] + 0.05 * gradient.square());
        var (first, second) = (moments[at] / (1 - Math.Pow(0.9, step)), moments[at + 1] / (1 - Math.Pow(0.95, step)));
        return scope.MoveToOuter(value * (1 - 0.01 * 0.1) - 0.01 * first / (second.sqrt() + 1e-8));
    }

    private static void Disturb(nn.Module module)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(11);
        foreach (var (_, parameter) in module.named_parameters())
            parameter.add_(randn(parameter.shape, parameter.dtype, generator: generator), 0.05);
    }

    private static List<string> AdapterNames(LanguageModel model) =>
        [
            .. model
                .named_parameters()
                .Select(named => named.name)
                .Where(name => name.Contains("lora", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private static Dictionary<string, Tensor> Gradients(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        var gradients = model
            .named_parameters()
            .Where(named => named.parameter.grad is not null)
            .ToDictionary(named => named.name, named => named.parameter.grad!.clone().MoveToOuterDisposeScope());
        foreach (var (_, parameter) in model.named_parameters())
            parameter.grad = null;
        return gradients;
    }
}
