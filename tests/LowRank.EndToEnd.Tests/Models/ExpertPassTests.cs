using LowRank.Blocks;
using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Evaluation;
using LowRank.Training.Optimization;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>
/// What a mixture of experts computes, in plain arithmetic: choices, weights, the balancing loss and its gradient, loads and biases.
/// </summary>
public sealed class ExpertPassTests
{
    public static TheoryData<string> Mixtures => ["MixtralForm", "DeepSeekForm", "SwitchForm"];

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void A_mixture_is_the_weighed_sum_of_the_experts_with_the_best_scores(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Model(name);
        var mixture = model.Mixtures.Last();
        SetBias(mixture, index => index % 2 == 0 ? 0.3 : -0.2);
        var x = randn([2, 7, 32], ScalarType.Float64, generator: new TorchSharp.torch.Generator(4));
        var output = mixture.forward(x);
        var normalized = mixture.Norm.forward(x);
        var routing = mixture.Router.Routing;
        for (var token = 0; token < 14; token++)
        {
            var vector = normalized[token / 7, token % 7].view(1, -1);
            var logits = mixture.Router.Weight.mv(vector.view(-1)).data<double>().ToArray();
            var scores = Scores(logits, routing.Score);
            var bias = mixture.Router.BalanceBias?.data<double>().ToArray() ?? new double[scores.Length];
            var chosen = Enumerable
                .Range(0, scores.Length)
                .OrderByDescending(expert => scores[expert] + bias[expert])
                .ThenBy(expert => expert)
                .Take(routing.Active)
                .ToList();
            var total = routing.NormalizeWeights ? chosen.Sum(expert => scores[expert]) : 1;
            var expected = mixture.SharedExpert?.forward(vector) ?? zeros_like(vector);
            foreach (var expert in chosen)
                expected += scores[expert] / total * routing.WeightScale * mixture.Experts[expert].forward(vector);
            Assert.True(allclose(expected.view(-1), output[token / 7, token % 7], 1e-12, 1e-12), $"token {token}");
        }
    }

    [Fact]
    public void Of_equal_scores_the_expert_of_the_lower_index_is_chosen()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Model("MixtralForm");
        var router = model.Mixtures.First().Router;
        router.Weight.zero_();
        var scores = router.Scores(router.forward(randn([50, 32], ScalarType.Float64)));
        var chosen = router.Choose(scores);
        Assert.All(Enumerable.Range(0, 50), row => Assert.Equal([0L, 1L], chosen[row].data<long>().ToArray()));
        router.Weight[2].add_(0.5);
        router.Weight[0].sub_(0.5);
        var ones = TorchSharp.torch.ones([3, 32], ScalarType.Float64);
        Assert.Equal([2L, 1L], router.Choose(router.Scores(router.forward(ones)))[0].data<long>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public void The_balancing_loss_reaches_all_weights_as_autograd_would_carry_it(string name) => CheckBalance(name, ignored: 0);

    // Every token is balanced, and each of the others weighs more.
    [Theory]
    [MemberData(nameof(Mixtures))]
    public void So_it_does_where_most_targets_do_not_count(string name) => CheckBalance(name, ignored: 30);

    private static void CheckBalance(string name, int ignored)
    {
        using var scope = NewDisposeScope();
        const double Scale = 1.0 / 48;
        using var model = Model(name);
        foreach (var linear in model.FactoredLinears)
            linear.ReleaseGuide();
        var tokens = randint(0, 300, [3, 16], ScalarType.Int64, generator: new TorchSharp.torch.Generator(1));
        var targets = randint(0, 300, [3, 16], ScalarType.Int64, generator: new TorchSharp.torch.Generator(2));
        targets.flatten()[..ignored].fill_(NextTokenLoss.Ignored);
        var lossScale = 1.0 / (48 - ignored);

        var read = new List<(ExpertFeedForward Mixture, Tensor Input)>();
        var hidden = Hidden(model, tokens, (mixture, input) => read.Add((mixture, input)));
        Assert.True(allclose(model.Hidden(tokens), hidden, 1e-12, 1e-12));
        var loss =
            nn.functional.cross_entropy(model.Logits(hidden).flatten(0, 1), targets.flatten(), reduction: nn.Reduction.Sum) * lossScale;
        foreach (var (mixture, input) in read)
            loss += 16 * Scale * mixture.Router.Routing.BalanceWeight * BalanceLoss(mixture, input);
        Assert.Equal(model.Mixtures.Count(), read.Count);
        loss.backward();
        var expected = Take(model);
        Assert.Contains(expected.Keys, key => key.EndsWith("router.weight", StringComparison.Ordinal));

        using var noGradient = no_grad();
        using (var tape = new Tape(model.Options))
            NextTokenLoss.Backward(model, tokens, targets, lossScale, tape, balanceScale: Scale).Dispose();
        var actual = Take(model);
        foreach (var (parameter, gradient) in expected)
        {
            var distance = (actual[parameter] - gradient).norm().item<double>() / Math.Max(gradient.norm().item<double>(), 1e-9);
            Assert.True(distance < 1e-8, $"{parameter}: {distance}");
        }

        // Sums over the sequences of count·Σ f·P, as they are logged.
        foreach (var (mixture, input) in read)
        {
            var logged = mixture.Statistics[^1].item<double>();
            Assert.Equal(BalanceLoss(mixture, input).item<double>(), logged, 1e-9);
            Assert.InRange(logged, 0.5 * 3, mixture.Experts.Count * 3);
        }
    }

    [Theory]
    [InlineData("MixtralForm")]
    [InlineData("DeepSeekForm")]
    public void A_step_is_the_same_however_its_sequences_are_divided(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tokens = randint(0, 300, [4, 12], ScalarType.Int64, generator: new TorchSharp.torch.Generator(1));
        Dictionary<string, Tensor> Run(int parts, out double[] statistics)
        {
            using var model = Model(name);
            using var step = model.BeginStep(0, 10);
            foreach (var part in tokens.chunk(parts))
                NextTokenLoss.Backward(model, part, part, 1.0 / 48, step.Tape).Dispose();
            statistics = [.. model.Mixtures.SelectMany(mixture => mixture.Statistics.data<double>().ToArray())];
            step.Update(() => { });
            return Take(model);
        }

        var whole = Run(1, out var loads);
        var divided = Run(4, out var sums);
        Assert.All(loads.Zip(sums), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        foreach (var (parameter, gradient) in whole)
            Assert.True(allclose(gradient, divided[parameter], 1e-9, 1e-12), parameter);
    }

    [Fact]
    public void Every_choice_is_counted_and_no_token_is_lost()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Model("DeepSeekForm");
        var tokens = randint(0, 300, [3, 11], ScalarType.Int64);
        var mixtures = model.Mixtures.ToList();
        using (var step = model.BeginStep(0, 10))
        {
            // What is only evaluated counts nothing.
            model.forward(tokens).Dispose();
            Assert.All(mixtures, mixture => Assert.Equal(0, mixture.Statistics.sum().item<double>()));
            NextTokenLoss.Backward(model, tokens, tokens, 1.0 / 33, step.Tape).Dispose();
            // Blocks ran twice, since they are checkpointed, and were counted once.
            Assert.All(mixtures, mixture => Assert.Equal(3 * 33, mixture.Statistics.narrow(0, 0, 6).sum().item<double>()));
            var loads = mixtures.Select(mixture => mixture.Statistics.data<double>().ToArray()[..6]).ToList();
            step.Update(() => { });
            foreach (var (mixture, load) in mixtures.Zip(loads))
            {
                var expected = load.Select(own => 0.01 * Math.Sign(load.Average() - own));
                Assert.Equal(expected, mixture.Router.BalanceBias!.data<double>().ToArray());
                Assert.Equal(0, mixture.Statistics.abs().sum().item<double>());
            }
        }

        using var skipped = model.BeginStep(1, 10);
        var before = mixtures.Select(mixture => mixture.Router.BalanceBias!.data<double>().ToArray()).ToList();
        NextTokenLoss.Backward(model, tokens, tokens, 1.0 / 33, skipped.Tape).Dispose();
        skipped.Skip();
        foreach (var (mixture, bias) in mixtures.Zip(before))
        {
            Assert.Equal(bias, mixture.Router.BalanceBias!.data<double>().ToArray());
            Assert.Equal(0, mixture.Statistics.abs().sum().item<double>());
        }
    }

    [Fact]
    public void A_bias_moves_loads_towards_each_other()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Model("DeepSeekForm");
        var mixture = model.Mixtures.First();
        mixture.Router.Weight.mul_(4);
        var tokens = randint(0, 300, [8, 32], ScalarType.Int64);
        var spread = new List<double>();
        for (var round = 0; round < 60; round++)
        {
            using var step = model.BeginStep(0, 10);
            NextTokenLoss.Backward(model, tokens, tokens, 1.0 / 256, step.Tape).Dispose();
            var loads = mixture.Statistics.narrow(0, 0, 6).data<double>().ToArray();
            spread.Add(loads.Max() / loads.Average());
            step.Update(() => { });
            Take(model);
        }

        Assert.True(spread[0] > 1.1, $"{spread[0]}");
        Assert.True(spread[^1] < 1 + 0.5 * (spread[0] - 1), $"{spread[0]} became {spread[^1]}");
    }

    // The router reads the same from every token: expert 1 is chosen by all of them, the others by none.
    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Muon)]
    [InlineData(OptimizerKind.GaLore)]
    public void One_expert_may_get_all_tokens_and_another_none(OptimizerKind optimizer)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallRuns.Find("SwitchForm").Create(new ModelOptions { Seed = 3 });
        foreach (var mixture in model.Mixtures)
        {
            var norm = (LayerNorm)mixture.Norm;
            norm.Weight.zero_();
            norm.Bias!.zero_().add_(1);
            mixture.Router.Weight.zero_();
            mixture.Router.Weight[1].add_(1);
        }

        using var parameters = new FlatParameters(model);
        var options = SmallRuns.Options(null) with { Optimizer = optimizer, GaLoreRank = 4, WeightDecay = 0 };
        var updates = Optimizers.Create(parameters, options);
        var (busy, starved) = (model.Mixtures.First().Experts[1], model.Mixtures.First().Experts[3]);
        var before = new[] { busy, starved }.Select(expert => expert.parameters().Select(parameter => parameter.clone()).ToList()).ToList();
        var tokens = randint(0, 300, [2, 10], ScalarType.Int64);
        using var step = model.BeginStep(0, 10);
        NextTokenLoss.Backward(model, tokens, tokens, 1.0 / 20, step.Tape).Dispose();
        Assert.All(model.Mixtures, mixture => Assert.Equal([0d, 20, 0, 0], mixture.Statistics.data<double>().ToArray()[..4]));
        Assert.All(starved.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().max().item<float>()));
        Assert.All(busy.parameters(), parameter => Assert.True(parameter.grad!.abs().max().item<float>() > 0));
        step.Update(() => updates.Step(1e-3));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
        Assert.All(busy.parameters().Zip(before[0]), pair => Assert.False(allclose(pair.First, pair.Second, 0, 0)));
        Assert.All(starved.parameters().Zip(before[1]), pair => Assert.True(allclose(pair.First, pair.Second, 0, 0)));
    }

    private static LanguageModel Model(string name)
    {
        var model = SmallRuns.Find(name).Create(new ModelOptions { DataType = ScalarType.Float64, Seed = 3 });
        using var noGradient = no_grad();
        using var generator = new TorchSharp.torch.Generator(7);
        foreach (var (_, parameter) in model.named_parameters())
        {
            using var noise = randn(parameter.shape, parameter.dtype, generator: generator);
            parameter.add_(noise, 0.1);
        }

        return model;
    }

    // The model's own pass, sublayer by sublayer.
    private static Tensor Hidden(LanguageModel model, Tensor tokens, Action<ExpertFeedForward, Tensor> reads)
    {
        using var scope = NewDisposeScope();
        var parts = model.named_children().ToDictionary(child => child.name, child => child.module, StringComparer.Ordinal);
        var x = ((Embedding)parts["embedding"]).forward(tokens);
        var depth = model.Sublayers.SelectMany(sublayer => sublayer.Blocks).Max() + 1;
        for (var block = 0; block < depth; block++)
        {
            var input = x;
            foreach (var sublayer in model.Sublayers.Where(sublayer => sublayer.Blocks.Contains(block)))
            {
                var layer = sublayer.Layers[sublayer.Blocks.ToList().IndexOf(block)];
                var own = model.Accounting.ParallelResidual ? input : x;
                if (layer is ExpertFeedForward mixture)
                    reads(mixture, own.MoveToOuterDisposeScope());
                x = x + (layer is CachingLayer attention ? attention.forward(own, null) : ((Layer)layer).forward(own));
            }
        }

        return ((NormLayer)parts["final_norm"]).forward(x).MoveToOuterDisposeScope();
    }

    private static void SetBias(ExpertFeedForward mixture, Func<int, double> value)
    {
        if (mixture.Router.BalanceBias is not { } bias)
            return;
        using var values = tensor([.. Enumerable.Range(0, mixture.Experts.Count).Select(value)], ScalarType.Float64);
        bias.copy_(values);
    }

    private static double[] Scores(double[] logits, RouterScore score)
    {
        if (score == RouterScore.Sigmoid)
            return [.. logits.Select(logit => 1 / (1 + Math.Exp(-logit)))];
        var total = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / total)];
    }

    // Summed over the sequences, in the graph of the mixture's input.
    private static Tensor BalanceLoss(ExpertFeedForward mixture, Tensor input)
    {
        using var scope = NewDisposeScope();
        var router = mixture.Router;
        var (length, count) = (input.shape[1], mixture.Experts.Count);
        var logits = nn.functional.linear(mixture.Norm.forward(input), router.Weight);
        var scores = router.Routing.Score == RouterScore.Sigmoid ? logits.sigmoid() : logits.softmax(-1);
        var keyed = router.BalanceBias is null ? scores : scores + router.BalanceBias;
        var (_, best) = keyed.detach().topk(router.Routing.Active, -1);
        var marks = zeros_like(scores.detach()).scatter_(-1, best, ones_like(scores.detach()));
        var shares = marks.sum(1) / (length * router.Routing.Active);
        var means = (scores / scores.sum(-1, keepdim: true)).mean([1]);
        return (count * (shares * means).sum()).MoveToOuterDisposeScope();
    }

    private static Dictionary<string, Tensor> Take(LanguageModel model)
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
}
