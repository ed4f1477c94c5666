using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>The training loop that goes with the hand-written model, as TorchSharp's examples write it.</summary>
internal sealed class HandWrittenTraining : IDisposable
{
    private readonly optim.Optimizer optimizer;
    private readonly IReadOnlyList<(Tensor Inputs, Tensor Targets)> batches;
    private readonly int vocabulary;

    public HandWrittenTraining(HandWrittenTransformer model, StepSetting setting, Device? device = null)
    {
        Model = device is null ? model : model.to(device);
        optimizer = optim.AdamW(model.parameters(), StepSetting.LearningRate, 0.9, 0.95, 1e-8, 0.1);
        batches = setting.Draw(device ?? CPU);
        vocabulary = setting.Vocabulary;
    }

    /// <summary>The model.</summary>
    public HandWrittenTransformer Model { get; }

    /// <summary>One optimizer step; returns the mean loss.</summary>
    public double Step()
    {
        using var total = zeros(1, ScalarType.Float64, batches[0].Inputs.device);
        optimizer.zero_grad();
        foreach (var (inputs, targets) in batches)
        {
            using var scope = NewDisposeScope();
            var logits = Model.forward(inputs);
            var loss = nn.functional.cross_entropy(logits.view(-1, vocabulary), targets.view(-1)) / batches.Count;
            loss.backward();
            using (no_grad())
                total.add_(loss);
        }

        using (NewDisposeScope())
        {
            nn.utils.clip_grad_norm_(Model.parameters(), 1);
            optimizer.step();
        }

        return total.item<double>();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        Model.Dispose();
    }
}
