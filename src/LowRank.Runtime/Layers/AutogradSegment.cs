using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// A step of a recorded pass that autograd differentiates: what has no weights worth fusing, on any device and in any type.
/// </summary>
internal static class AutogradSegment
{
    /// <summary>Runs a step with autograd and keeps its graph.</summary>
    /// <param name="tape">Keeps it.</param>
    /// <param name="step">The step. It must not dispose its arguments.</param>
    /// <param name="inputs">Its inputs; they stay the caller's.</param>
    /// <returns>The step's output, without a graph.</returns>
    public static Tensor Record(Tape tape, Func<Tensor[], Tensor> step, params Tensor[] inputs)
    {
        var leaves = Array.ConvertAll(inputs, input => input.detach());
        Tensor output;
        using (enable_grad())
        {
            foreach (var leaf in leaves)
                leaf.requires_grad = true;
            output = step(leaves);
        }

        foreach (var leaf in leaves)
            tape.Keep(leaf);
        tape.Keep(output);
        return output.detach();
    }

    /// <summary>Differentiates the step recorded last. Parameters inside it accumulate their gradients.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="gradient">Gradient of the output.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <returns>The gradients of the inputs, in their order. The caller disposes them.</returns>
    public static Tensor[] Backward(Tape tape, Tensor gradient, int inputs)
    {
        using var output = tape.Take();
        output.backward([gradient]);
        var gradients = new Tensor[inputs];
        for (var index = inputs - 1; index >= 0; index--)
        {
            using var leaf = tape.Take();
            gradients[index] = leaf.grad ?? zeros_like(leaf);
        }

        return gradients;
    }
}
