using static TorchSharp.torch;

namespace LowRank.Kernels;

/// <summary>
/// The memory-bound operations of a training step, forward and backward, outside autograd. The CPU and CUDA have kernels of their own
/// (<see cref="CpuOperations"/>, <see cref="CudaOperations"/>); every other device and type is served by <see cref="TensorOperations"/>,
/// which the two fall back to for what they don't take. A layer asks <see cref="FusedOperations.For"/> and doesn't know who answers.
/// </summary>
internal interface IFusedOperations
{
    /// <summary>Normalizes rows.</summary>
    /// <param name="norm">How.</param>
    /// <param name="x"><c>[…, width]</c>.</param>
    /// <param name="outputType">Type of the output.</param>
    /// <param name="statistics">What the backward pass needs beside x. The caller disposes it.</param>
    /// <returns>A new tensor of x's shape.</returns>
    Tensor Normalize(in NormParameters norm, Tensor x, ScalarType outputType, out Tensor statistics);

    /// <summary>Adds to the residual stream and normalizes the sum: <see cref="Normalize"/> of <c>stream + addend</c>.</summary>
    /// <param name="norm">How.</param>
    /// <param name="stream"><c>[…, width]</c>; it stays as it is.</param>
    /// <param name="addend">The same shape, maybe another type; its memory may be used for the sum: don't use it any more.</param>
    /// <param name="outputType">Type of the output.</param>
    /// <param name="sum">The new stream, in the stream's type. The caller disposes it.</param>
    /// <param name="statistics">What the backward pass needs beside the sum. The caller disposes it.</param>
    Tensor AddAndNormalize(
        in NormParameters norm,
        Tensor stream,
        Tensor addend,
        ScalarType outputType,
        out Tensor sum,
        out Tensor statistics
    );

    /// <summary>The backward pass of both.</summary>
    /// <param name="norm">How x was normalized.</param>
    /// <param name="x">What was normalized, <c>[…, width]</c>.</param>
    /// <param name="statistics">What the forward pass has left.</param>
    /// <param name="upstream">Gradient of the output.</param>
    /// <param name="into">Where the gradient of x is added, of its shape.</param>
    /// <param name="gainGradient">Where the gain's is added, <c>[width]</c>; null where it is frozen.</param>
    /// <param name="biasGradient">Where the bias's is added, <c>[width]</c>; null where there is none or it is frozen.</param>
    /// <param name="rounded">Where the new value of <paramref name="into"/> is left in another type, too; or null.</param>
    void NormalizeBackward(
        in NormParameters norm,
        Tensor x,
        Tensor statistics,
        Tensor upstream,
        Tensor into,
        Tensor? gainGradient,
        Tensor? biasGradient,
        Tensor? rounded
    );

    /// <summary>Turns heads by their positions, in place: entry i and entry i + size/2 of a head together.</summary>
    /// <param name="heads"><c>[batch, sequence, heads, headSize]</c>, contiguous.</param>
    /// <param name="angles">By how much.</param>
    /// <param name="firstPosition">Position of the first token of a sequence.</param>
    /// <param name="count">How many heads of a token turn, the first ones.</param>
    /// <param name="sign">1, or −1 to turn back: the backward pass.</param>
    void Rotate(Tensor heads, in RotaryAngles angles, long firstPosition, long count, int sign);

    /// <summary><c>f(x)</c>.</summary>
    /// <param name="activation">f.</param>
    /// <param name="x">Any shape.</param>
    Tensor Activate(Activation activation, Tensor x);

    /// <summary><c>f′(x) ⊙ gradient</c>.</summary>
    /// <param name="activation">f.</param>
    /// <param name="x">x; for ReLU, f(x) does as well.</param>
    /// <param name="gradient">Gradient of the output. Its memory may be used for the result: don't use it any more.</param>
    /// <returns>The gradient of x. The caller disposes it.</returns>
    Tensor ActivateBackward(Activation activation, Tensor x, Tensor gradient);

    /// <summary><c>f(gate) ⊙ up</c>.</summary>
    /// <param name="activation">f.</param>
    /// <param name="gate"><c>[…, hidden]</c>; rows may stand apart where gate and up are halves of one product.</param>
    /// <param name="up">The same shape and layout.</param>
    /// <returns>A new, contiguous tensor.</returns>
    Tensor Gate(Activation activation, Tensor gate, Tensor up);

    /// <summary>Whether gate and up are read as well where they are halves of one product's rows: then one product makes both.</summary>
    bool ReadsHalves { get; }

    /// <summary>The backward pass of <see cref="Gate"/>. Its output is formed once more, so that nobody has to keep it.</summary>
    /// <param name="activation">f.</param>
    /// <param name="gate">As given to the forward pass. Its gradient is written over it.</param>
    /// <param name="up">Likewise.</param>
    /// <param name="gradient">Gradient of the output, contiguous. Its memory may be used for the output: don't use it any more.</param>
    /// <returns>The output, contiguous. The caller disposes it; it may be another name of <paramref name="gradient"/>.</returns>
    Tensor GateBackward(Activation activation, Tensor gate, Tensor up, Tensor gradient);

    /// <summary><c>xWᵀ + b</c>.</summary>
    /// <param name="rows">x: <c>[rows, inputs]</c>.</param>
    /// <param name="weight">W: <c>[outputs, inputs]</c>, of the same type.</param>
    /// <param name="bias">b: <c>[outputs]</c>, or null.</param>
    Tensor Linear(Tensor rows, Tensor weight, Tensor? bias);

    /// <summary>How many rows of logits are formed at once: enough to be busy, few enough for memory and caches.</summary>
    /// <param name="vocabulary">Logits of a row.</param>
    long RowsOfLogits(int vocabulary);

    /// <summary>The target of a row that has no loss and no gradient: PyTorch's <c>ignore_index</c>.</summary>
    const long IgnoredTarget = -100;

    /// <summary>
    /// Adds the cross-entropy of rows of logits z, in nats, to a total and, where a scale is given, writes the gradient of the head's
    /// products over them: <c>scale·(softmax(z) − onehot(target))</c>, times the slope of the logits' form. A row whose target is
    /// <see cref="IgnoredTarget"/> adds nothing, and its gradient is 0 whatever its logits are.
    /// </summary>
    /// <param name="logits">The head's products, of which the form makes logits: <c>[rows, vocabulary]</c>.</param>
    /// <param name="targets">Int64 <c>[rows, 1]</c>, from 0 to vocabulary − 1, or <see cref="IgnoredTarget"/>.</param>
    /// <param name="total">Float64 <c>[1]</c>, on the same device.</param>
    /// <param name="scale">What the gradient is multiplied by; null: no gradient is wanted, and plain logits stay.</param>
    /// <param name="form">What becomes of the products.</param>
    /// <exception cref="ArgumentOutOfRangeException">A target lies outside the vocabulary; told on the CPU alone.</exception>
    void CrossEntropy(Tensor logits, Tensor targets, Tensor total, double? scale, in LogitForm form);

    /// <summary><c>sum += addend</c>, of the same shape, whatever their types.</summary>
    void Add(Tensor sum, Tensor addend);

    /// <summary><c>effective = alpha·guide + product</c>.</summary>
    /// <param name="effective">Where the result goes.</param>
    /// <param name="guide">The same shape and type.</param>
    /// <param name="alpha">What the guide is multiplied by.</param>
    /// <param name="product">The same shape, maybe another type.</param>
    /// <param name="copy">Where the result is left in another type, too; or null.</param>
    void Blend(Tensor effective, Tensor guide, double alpha, Tensor product, Tensor? copy);

    /// <summary><c>values *= factor</c>.</summary>
    /// <param name="values">Any shape.</param>
    /// <param name="factor">A float64 scalar on the same device.</param>
    void Scale(Tensor values, Tensor factor);

    /// <summary>The norm of several tensors taken as one vector: a new float64 scalar on their device.</summary>
    Tensor Norm(IReadOnlyList<Tensor> tensors);

    /// <summary>Updates parameters by AdamW (Loshchilov and Hutter, 2019) and clears their gradients.</summary>
    /// <param name="all">Parameters, gradients and moments, on one device.</param>
    /// <param name="constants">The constants.</param>
    /// <param name="clip">What the gradients are multiplied by first: a float64 scalar on the device.</param>
    void AdamW(IReadOnlyList<AdamWBuffers> all, in AdamWConstants constants, Tensor clip);
}
