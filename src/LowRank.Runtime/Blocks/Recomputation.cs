using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>
/// Activation checkpointing (Chen et al., 2016): of a block only the input is kept, and its forward pass runs once more when the backward
/// pass gets there. Costs one forward pass, saves what all blocks but one would keep.
/// </summary>
internal static class Recomputation
{
    /// <summary>The forward pass of a block, of which only the input is kept.</summary>
    /// <param name="block">The block.</param>
    /// <param name="x">Its input, <c>[batch, sequence, width]</c>.</param>
    /// <param name="tape">Keeps the input.</param>
    public static Tensor Record(TransformerBlock block, Tensor x, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(tape);
        using var forgotten = tape.Fork();
        var output = block.Record(x, forgotten);
        tape.KeepAlias(x);
        return output;
    }

    /// <summary>The backward pass, after the block's forward pass has been run again.</summary>
    /// <param name="block">The block.</param>
    /// <param name="gradient">Gradient of its output; becomes, in place, that of its input.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    public static void Backward(TransformerBlock block, Tensor gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(tape);
        using var x = tape.Take();
        using var again = tape.Fork();
        using (block.Record(x, again))
            block.Backward(gradient, again);
    }
}
