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
    /// <param name="stream">Its input, <c>[batch, sequence, width]</c>; becomes the output.</param>
    /// <param name="tape">Keeps the input.</param>
    public static void Record(TransformerBlock block, ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tape);
        tape.KeepAlias(stream.Flush());
        Run(block, stream, tape);
    }

    /// <summary>The forward pass of a block, of which nothing is kept: the tape says what it is run over, and with which weights.</summary>
    /// <param name="block">The block.</param>
    /// <param name="stream">Its input, <c>[batch, sequence, width]</c>; becomes the output.</param>
    /// <param name="tape">Whose documents and weights are read.</param>
    public static void Run(TransformerBlock block, ResidualStream stream, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(tape);
        using var forgotten = tape.Fork();
        block.Record(stream, forgotten);
    }

    /// <summary>The backward pass, after the block's forward pass has been run again.</summary>
    /// <param name="block">The block.</param>
    /// <param name="gradient">Gradient of its output; becomes, in place, that of its input.</param>
    /// <param name="tape">What <see cref="Record"/> has left.</param>
    public static void Backward(TransformerBlock block, StreamGradient gradient, Tape tape)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(tape);
        using var stream = new ResidualStream(tape.Take());
        using var again = tape.Fork();
        block.Record(stream, again);
        block.Backward(gradient, again);
    }
}
