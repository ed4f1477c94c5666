using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>A training loop of one's own for a declared module: all that the guides need is a scope around each step.</summary>
public static class ClassifierTraining
{
    private const int Batch = 50;

    /// <summary>Trains a classifier.</summary>
    /// <param name="module">The module.</param>
    /// <param name="forward">Its forward: inputs to logits <c>[batch, classes]</c>.</param>
    /// <param name="data">What it learns from.</param>
    /// <param name="steps">Optimizer steps.</param>
    /// <param name="seed">Seed of the order.</param>
    public static void Train<T>(T module, Func<Tensor, Tensor> forward, LabeledData data, int steps, int seed)
        where T : nn.Module, IGuidedModule
    {
        using var parameters = new FlatParameters(module);
        var optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.99, 1e-8, WeightDecay: 0.01, ClipNorm: 1));
        var rates = new LearningRateSchedule(peak: 4e-3, steps, warmupFraction: 0.1, finalFraction: 0.05);
        using var generator = new torch.Generator((ulong)seed);
        for (var step = 0; step < steps; step++)
        {
            using var temporaries = NewDisposeScope();
            using var scope = module.BeginStep(step, steps);
            var chosen = randint(0, data.Classes.shape[0], [Batch], ScalarType.Int64, generator: generator);
            var loss = nn.functional.cross_entropy(forward(data.Inputs.index_select(0, chosen)), data.Classes.index_select(0, chosen));
            loss.backward();
            var rate = rates.At(step);
            scope.Update(() => optimizer.Step(rate));
        }
    }

    /// <summary>The fraction of the inputs that are classified rightly.</summary>
    /// <param name="forward">Inputs to logits.</param>
    /// <param name="data">The inputs and their classes.</param>
    public static double Accuracy(Func<Tensor, Tensor> forward, LabeledData data)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return forward(data.Inputs).argmax(1).eq(data.Classes).to(ScalarType.Float64).mean().item<double>();
    }
}
