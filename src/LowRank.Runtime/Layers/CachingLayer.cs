using System.ComponentModel;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>A layer that reads earlier tokens from a cache, if it is given one. Its parts are registered by name.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CachingLayer : nn.Module<Tensor, KeyValueCache?, Tensor>
{
    private protected CachingLayer(string name)
        : base(name) { }

    /// <summary>Does nothing: TorchSharp would register every field a second time under the field's own name.</summary>
    protected sealed override void RegisterComponents() { }

    /// <summary>Layers stay as they were built; a conversion to what they are already does nothing.</summary>
    /// <exception cref="NotSupportedException">A parameter would be converted or moved.</exception>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        BuiltPlace.Require(this, dtype, device);
        return this;
    }

    /// <summary>Layers stay as they were built; a move to where they are already does nothing.</summary>
    /// <exception cref="NotSupportedException">A parameter would be moved.</exception>
    protected override nn.Module _to(TorchSharp.DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        BuiltPlace.Require(this, type: null, new Device(deviceType, deviceIndex));
        return this;
    }

    /// <summary>Layers stay as they were built; a conversion to what they are already does nothing.</summary>
    /// <exception cref="NotSupportedException">A parameter would be converted.</exception>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        BuiltPlace.Require(this, dtype, device: null);
        return this;
    }
}
