using System.ComponentModel;

namespace LowRank.Costs;

/// <summary>
/// What training a model by its declared adapters costs, all else frozen (<see cref="LoRAAttribute"/>). FLOPs by the paper convention.
/// </summary>
/// <param name="Linears">Number of adapters.</param>
/// <param name="Parameters">Parameters of the adapters: all that is trained.</param>
/// <param name="FirstBlock">The first block with an adapter, at which the backward pass ends.</param>
/// <param name="ForwardFlopsPerToken">Forward FLOPs per token at the declared context, the adapters unmerged.</param>
/// <param name="TrainingFlopsPerToken">Forward and backward FLOPs per token at the declared context.</param>
/// <param name="StateBytes">Parameters of the whole model, and gradients and moments of the adapters, in 32-bit floats.</param>
/// <param name="ActivationBytesPerToken">Activations kept for the backward pass per token of a micro-batch, in 32-bit floats.</param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record AdapterCost(
    int Linears,
    long Parameters,
    int FirstBlock,
    long ForwardFlopsPerToken,
    long TrainingFlopsPerToken,
    decimal StateBytes,
    long ActivationBytesPerToken
);
