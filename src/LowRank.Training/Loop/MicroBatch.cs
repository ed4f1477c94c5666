using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using LowRank.Training.Runs;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>Sequences of one forward and backward pass.</summary>
/// <param name="Inputs">Int64 ids <c>[sequences, context]</c>.</param>
/// <param name="Targets">The ids that follow, <c>[sequences, context]</c>.</param>
internal readonly record struct MicroBatch(Tensor Inputs, Tensor Targets) : IDisposable
{
    /// <summary>Reads <paramref name="count"/> sequences of a step from <paramref name="first"/> on.</summary>
    public static MicroBatch Read(BatchSampler sampler, long step, int first, int count, TrainingOptions options, Device device)
    {
        var inputs = new long[count * options.Context];
        var targets = new long[count * options.Context];
        sampler.Read(step, first, count, inputs, targets);
        return new(TokenTensor.Create(inputs, count, options.Context, device), TokenTensor.Create(targets, count, options.Context, device));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
    }
}
