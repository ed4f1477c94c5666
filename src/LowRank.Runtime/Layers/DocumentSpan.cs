using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>Where a document stands among packed rows.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Start">Position of its first token in the row.</param>
/// <param name="Length">Number of its tokens.</param>
internal readonly record struct DocumentSpan(int Row, int Start, int Length)
{
    /// <summary>The document's part of a tensor: a view, <c>[1, length, …]</c>.</summary>
    /// <param name="tensor"><c>[batch, sequence, …]</c>.</param>
    public Tensor Of(Tensor tensor)
    {
        using var row = tensor.narrow(0, Row, 1);
        return row.narrow(1, Start, Length);
    }
}
