using LowRank.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Linear layers over the same input, in a recorded pass: the matrices that read it stand one under the other, and one product reads it for
/// all layers.
/// </summary>
internal abstract class LinearStack : IDisposable
{
    private readonly LinearLayer[] parts;
    private Tensor? matrices;
    private Tensor? gradients;

    private protected LinearStack(LinearLayer[] parts)
    {
        this.parts = parts;
        Outputs = parts.Sum(part => part.Outputs);
    }

    /// <summary>The layers as a stack, where all are full-size or all are factored; else null.</summary>
    /// <param name="parts">The layers, in the order of their outputs.</param>
    public static LinearStack? Of(params LinearLayer[] parts)
    {
        if (Array.TrueForAll(parts, part => part is LowRankLinear))
            return new FactoredStack([.. parts.Cast<LowRankLinear>()]);
        return Array.TrueForAll(parts, part => part is Linear) ? new DenseStack([.. parts.Cast<Linear>()]) : null;
    }

    /// <summary>Size of a row of all outputs side by side.</summary>
    public long Outputs { get; }

    /// <summary>What reads the input, of each layer: the first factor of a factored one, the weight of a full-size one.</summary>
    public abstract IReadOnlyList<Parameter> Matrices { get; }

    /// <summary>Whether the layers compute in a form now that can be joined to one product.</summary>
    public abstract bool IsOneProduct { get; }

    /// <summary><see cref="Matrices"/> as one, <c>[Σ rows, inputs]</c>, where <see cref="Join"/> has told of it; else null.</summary>
    public Tensor? Joined => matrices;

    /// <summary>The gradient of <see cref="Joined"/> where it may be added to as one: where no part of it is frozen; else null.</summary>
    private protected Tensor? JoinedGradient => gradients is not null && Matrices.All(matrix => matrix.requires_grad) ? gradients : null;

    /// <summary>
    /// Tells that the matrices lie one under the other in memory, and so do their gradients: they are read and added to where they are.
    /// </summary>
    /// <param name="joined"><c>[Σ rows, inputs]</c>: the memory of <see cref="Matrices"/>. It belongs to the stack from now on.</param>
    /// <param name="gradient">The same of their gradients.</param>
    public void Join(Tensor joined, Tensor gradient)
    {
        Separate();
        (matrices, gradients) = (joined.DetachFromDisposeScope(), gradient.DetachFromDisposeScope());
    }

    /// <summary>Forgets what <see cref="Join"/> has told: the matrices lie elsewhere now.</summary>
    public void Separate()
    {
        matrices?.Dispose();
        gradients?.Dispose();
        (matrices, gradients) = (null, null);
    }

    /// <summary>The layers' outputs side by side. Only where <see cref="IsOneProduct"/>.</summary>
    /// <param name="rows"><c>[rows, inputs]</c>.</param>
    /// <param name="tape">Keeps what the backward pass needs beside the rows.</param>
    /// <returns>A new <c>[rows, Outputs]</c>.</returns>
    public abstract Tensor Multiply(Tensor rows, Tape tape);

    /// <summary>The gradient of the input, new or added to a place; <see cref="BackwardWeights(Tensor, Tensor)"/> has to follow.</summary>
    /// <param name="gradient"><c>[rows, Outputs]</c>.</param>
    /// <param name="tape">What the forward pass has left.</param>
    /// <param name="into"><c>[rows, inputs]</c>, or null.</param>
    public abstract Tensor BackwardInput(Tensor gradient, Tape tape, Tensor? into);

    /// <summary>Adds the gradients of the weights and biases that <c>BackwardInput</c> has not added.</summary>
    /// <param name="gradient"><c>[rows, Outputs]</c>.</param>
    /// <param name="input"><c>[rows, inputs]</c>.</param>
    public abstract void BackwardWeights(Tensor gradient, Tensor input);

    /// <inheritdoc/>
    public virtual void Dispose() => Separate();

    /// <summary>The layers' columns of a tensor with all outputs side by side.</summary>
    /// <param name="joined"><c>[rows, Outputs]</c>.</param>
    private protected Columns ColumnsOf(Tensor joined) => new(joined, parts);

    /// <summary>The layers' columns; disposed together.</summary>
    private protected readonly struct Columns : IDisposable
    {
        public Columns(Tensor joined, LinearLayer[] parts)
        {
            Parts = new Tensor[parts.Length];
            var column = 0L;
            for (var index = 0; index < parts.Length; index++)
            {
                Parts[index] = joined.narrow(1, column, parts[index].Outputs);
                column += parts[index].Outputs;
            }
        }

        public Tensor[] Parts { get; }

        public void Dispose()
        {
            foreach (var part in Parts)
                part.Dispose();
        }
    }
}
