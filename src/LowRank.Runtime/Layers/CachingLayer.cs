using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A layer that reads earlier tokens from a cache, if it is given one. Its parts are registered by name.</summary>
/// <param name="name">The layer's name in error messages.</param>
public abstract class CachingLayer(string name) : nn.Module<Tensor, KeyValueCache?, Tensor>(name)
{
    /// <summary>Does nothing: TorchSharp would register every field a second time under the field's own name.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
