using static TorchSharp.torch;

namespace LowRank.Benchmarks.Peers;

/// <summary>What one optimizer step reads: the same tokens for every contender.</summary>
/// <param name="Vocabulary">Number of token ids.</param>
/// <param name="Context">Tokens in a sequence.</param>
/// <param name="Sequences">Sequences in a micro-batch.</param>
/// <param name="MicroBatches">Micro-batches in a step.</param>
internal sealed record StepSetting(int Vocabulary, int Context, int Sequences, int MicroBatches)
{
    public const double LearningRate = 1e-3;

    /// <summary>Tokens of one optimizer step.</summary>
    public long Tokens => (long)Context * Sequences * MicroBatches;

    /// <summary>Inputs and targets of every micro-batch: int64 <c>[sequences, context]</c>.</summary>
    /// <param name="device">Where they lie.</param>
    public IReadOnlyList<(Tensor Inputs, Tensor Targets)> Draw(Device device)
    {
        using var generator = new TorchSharp.torch.Generator(17);
        return
        [
            .. Enumerable
                .Range(0, MicroBatches)
                .Select(_ =>
                {
                    using var scope = NewDisposeScope();
                    var ids = randint(0, Vocabulary, [Sequences, Context + 1], ScalarType.Int64, generator: generator);
                    return scope.MoveToOuter(
                        ids.narrow(1, 0, Context).contiguous().to(device),
                        ids.narrow(1, 1, Context).contiguous().to(device)
                    );
                }),
        ];
    }
}
