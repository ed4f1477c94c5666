using LowRank.EndToEnd.Tests.HandWritten;
using LowRank.Layers;
using LowRank.Training.Evaluation;
using static TorchSharp.torch;

namespace LowRank.Training.Tests.Evaluation;

public sealed class NextTokenLossTests
{
    [Fact]
    public void Loss_and_all_gradients_are_those_of_autograd_through_full_logits()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        // More rows than one chunk holds, so that chunks are joined.
        var tokens = randint(0, 512, [9, 64], ScalarType.Int64);
        var targets = randint(0, 512, [9, 64], ScalarType.Int64);
        var loss = nn.functional.cross_entropy(model.forward(tokens).view(-1, 512), targets.view(-1), reduction: nn.Reduction.Sum);
        (loss * 0.25).backward();
        var expected = model
            .named_parameters()
            .Where(entry => entry.parameter.grad is not null)
            .ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());

        foreach (var parameter in model.parameters())
            parameter.grad = zeros_like(parameter);
        using var tape = new Tape(model.Options);
        using var total = NextTokenLoss.Backward(model, tokens, targets, 0.25, tape);
        Assert.Equal(loss.item<double>(), total.item<double>(), 1e-9);
        Assert.Equal(loss.item<double>(), NextTokenLoss.Sum(model, tokens, targets), 1e-9);
        Assert.True(expected.Count > 20);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (expected.TryGetValue(name, out var gradient))
                Assert.True(allclose(gradient, parameter.grad!, 1e-9, 1e-10), name);
        }
    }

    [Fact]
    public void Ignored_targets_have_no_part_in_loss_and_gradients()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        using var generator = new TorchSharp.torch.Generator(5);
        var tokens = randint(0, 512, [9, 64], ScalarType.Int64, generator: generator);
        var targets = randint(0, 512, [9, 64], ScalarType.Int64, generator: generator);
        targets.masked_fill_(rand([9, 64], generator: generator) < 0.6, NextTokenLoss.Ignored);
        // A whole row, too.
        targets[4].fill_(NextTokenLoss.Ignored);
        var counted = (targets != NextTokenLoss.Ignored).sum().item<long>();
        var loss = nn.functional.cross_entropy(
            model.forward(tokens).view(-1, 512),
            targets.view(-1),
            ignore_index: NextTokenLoss.Ignored,
            reduction: nn.Reduction.Mean
        );
        loss.backward();
        var expected = model
            .named_parameters()
            .Where(entry => entry.parameter.grad is not null)
            .ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());
        foreach (var parameter in model.parameters())
            parameter.grad = zeros_like(parameter);
        using var tape = new Tape(model.Options);
        using var total = NextTokenLoss.Backward(model, tokens, targets, 1.0 / counted, tape);
        Assert.Equal(loss.item<double>(), total.item<double>() / counted, 1e-9);
        Assert.Equal(loss.item<double>(), NextTokenLoss.Sum(model, tokens, targets) / counted, 1e-9);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (expected.TryGetValue(name, out var gradient))
                Assert.True(allclose(gradient, parameter.grad!, 1e-9, 1e-10), name);
        }
    }

    private static SmallTransformer Model()
    {
        var model = new SmallTransformer(new ModelOptions { DataType = ScalarType.Float64, Guided = false });
        using var noGradient = no_grad();
        foreach (var parameter in model.parameters())
            parameter.mul_(3);
        return model;
    }
}
