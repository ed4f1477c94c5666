namespace LowRank;

/// <summary>
/// Limits what the model may cost. A limit that the declaration exceeds is a compile error that names the most expensive parts and, where
/// a lower rank would do, the largest one on the tile grid that keeps to every limit; the model's costs stay there to be read. What is left
/// out is not limited.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BudgetAttribute : Attribute
{
    /// <summary>Parameters once every guide is gone.</summary>
    public long Parameters { get; set; }

    /// <summary>
    /// Parameters that a token passes through once every guide is gone, embedding and head included: of the experts of a mixture the active
    /// ones. Without a mixture they are all.
    /// </summary>
    public long ActiveParameters { get; set; }

    /// <summary>Parameters at the first step, guides included.</summary>
    public long ParametersAtStart { get; set; }

    /// <summary>Forward FLOPs per token once every guide is gone, at the declared context, paper convention.</summary>
    public long ForwardFlopsPerToken { get; set; }

    /// <summary>FLOPs of the declared run, guides included, paper convention. Needs a <see cref="TrainingRunAttribute"/>.</summary>
    public double TrainingFlops { get; set; }

    /// <summary>
    /// Bytes of a training step in 32-bit floats at the declared micro-batch: parameters, gradients, moments, guides, activations, at the
    /// fuller of start and end. Needs a <see cref="TrainingRunAttribute"/>.
    /// </summary>
    public long TrainingMemory { get; set; }

    /// <summary>
    /// Bytes of decoding in 32-bit floats at the full context: weights, and keys and values of <see cref="DecodeSequences"/>.
    /// </summary>
    public long DecodeMemory { get; set; }

    /// <summary>Sequences decoded at once, for <see cref="DecodeMemory"/>. Default: 1.</summary>
    public int DecodeSequences { get; set; } = 1;
}
