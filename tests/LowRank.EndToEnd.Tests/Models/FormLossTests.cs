using LowRank.Layers;
using LowRank.Training.Evaluation;
using static TorchSharp.torch;

namespace LowRank.EndToEnd.Tests.Models;

/// <summary>The loss of models with scaled and capped logits and embeddings, a tied one among them, from end to end.</summary>
public sealed class FormLossTests
{
    [Theory]
    [InlineData("CappedForm", ScalarType.Float64, 1e-10)]
    [InlineData("CappedForm", ScalarType.Float32, 2e-5)]
    [InlineData("FactorForm", ScalarType.Float64, 1e-10)]
    [InlineData("FactorForm", ScalarType.Float32, 2e-5)]
    public void It_and_all_its_gradients_are_those_of_autograd_through_full_logits(string name, ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var model = SmallRuns
            .Find(name)
            .Create(
                new ModelOptions
                {
                    DataType = type,
                    Seed = 5,
                    Guided = false,
                }
            );
        var tokens = randint(0, 300, [3, 24], ScalarType.Int64);
        var targets = randint(0, 300, [3, 24], ScalarType.Int64);
        var loss = nn.functional.cross_entropy(model.forward(tokens).view(-1, 300), targets.view(-1), reduction: nn.Reduction.Sum);
        (loss * 0.25).backward();
        var expected = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());
        model.zero_grad();

        using var tape = new Tape(model.Options);
        using var total = NextTokenLoss.Backward(model, tokens, targets, 0.25, tape);
        var exact = loss.to(ScalarType.Float64).item<double>();
        Assert.Equal(exact, total.item<double>(), exact * tolerance);
        foreach (var (parameter, gradient) in model.named_parameters())
        {
            var error = (gradient.grad! - expected[parameter]).norm() / expected[parameter].norm();
            Assert.True(
                error.to(ScalarType.Float64).item<double>() <= tolerance,
                $"{parameter}: {error.to(ScalarType.Float64).item<double>()}"
            );
        }
    }
}
