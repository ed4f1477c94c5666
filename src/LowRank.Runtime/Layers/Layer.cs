using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A layer from one tensor to another, whose parts are registered by name and not by reflection over its fields.</summary>
/// <param name="name">The layer's name in error messages.</param>
public abstract class Layer(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>Does nothing: TorchSharp would register every field a second time under the field's own name.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
