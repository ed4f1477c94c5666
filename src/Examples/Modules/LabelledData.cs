using static TorchSharp.torch;

namespace LowRank.Examples.Modules;

/// <summary>Inputs and the class of each.</summary>
/// <param name="Inputs">The inputs, one per row.</param>
/// <param name="Classes">Int64 classes.</param>
public sealed record LabeledData(Tensor Inputs, Tensor Classes) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs.Dispose();
        Classes.Dispose();
    }
}
