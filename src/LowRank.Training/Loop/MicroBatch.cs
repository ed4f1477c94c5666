using LowRank.Layers;
using LowRank.Training.Data;
using LowRank.Training.Evaluation;
using static TorchSharp.torch;

namespace LowRank.Training.Loop;

/// <summary>Sequences of one forward and backward pass.</summary>
/// <param name="Inputs">Int64 ids <c>[sequences, context]</c>.</param>
/// <param name="Targets">The ids that follow, <c>[sequences, context]</c>; −100 where none counts.</param>
/// <param name="Documents">The documents of the sequences, which don't see each other; null where each is one text.</param>
internal readonly record struct MicroBatch(Tensor Inputs, Tensor Targets, PackedDocuments? Documents) : IDisposable
{
    /// <summary>Reads <paramref name="count"/> sequences of a step from <paramref name="first"/> on.</summary>
    public static MicroBatch Read(BatchSampler sampler, TrainingJob job, long step, int first, int count, Device device)
    {
        var rows = sampler.Read(step, first, count, RowBatch.EndOfText(job.Data.Tokenizer, job.Options.DocumentMasks));
        var context = job.Options.Context;
        return new(
            TokenTensor.Create(rows.Inputs, count, context, device),
            TokenTensor.Create(rows.Targets, count, context, device),
            rows.Documents
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Targets.Dispose();
        Documents?.Dispose();
    }
}
