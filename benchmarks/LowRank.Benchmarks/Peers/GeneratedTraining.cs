using LowRank.Layers;
using LowRank.Models;
using LowRank.Training.Evaluation;
using LowRank.Training.Loop;
using LowRank.Training.Optimization;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>Optimizer steps of a generated model, as <see cref="Trainer"/> takes them.</summary>
internal sealed class GeneratedTraining : IDisposable
{
    // Where a run stands whose guide has half of the weight.
    private const long Halfway = 250;
    private const long HalfwayOf = 1000;
    private readonly FlatParameters parameters;
    private readonly AdamW optimizer;
    private readonly IReadOnlyList<(Tensor Inputs, Tensor Targets)> batches;
    private readonly StepSetting setting;

    public GeneratedTraining(LanguageModel model, StepSetting setting)
    {
        Model = model;
        this.setting = setting;
        parameters = new FlatParameters(model);
        optimizer = new AdamW(parameters, new AdamWOptions(0.9, 0.95, 1e-8, 0.1, 1));
        batches = setting.Draw(model.Options.Device);
    }

    public LanguageModel Model { get; }

    /// <summary>One optimizer step, where the guide has half of the weight; returns the mean loss.</summary>
    public double Step() => Step(Halfway, HalfwayOf);

    /// <summary>One optimizer step of a run; returns the mean loss.</summary>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="steps">Steps of the run.</param>
    public double Step(long step, long steps)
    {
        using var scope = Model.BeginStep(step, steps);
        using var sum = zeros(1, ScalarType.Float64, Model.Options.Device);
        foreach (var (inputs, targets) in batches)
        {
            using var loss = NextTokenLoss.Backward(Model, inputs, targets, 1.0 / setting.Tokens, scope.Tape);
            sum.add_(loss);
        }

        scope.Update(() => optimizer.Step(StepSetting.LearningRate));
        return sum.item<double>() / setting.Tokens;
    }

    public void Dispose()
    {
        parameters.Dispose();
        Model.Dispose();
    }
}
