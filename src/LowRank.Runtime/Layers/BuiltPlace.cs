using TorchSharp;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Layers keep their tensors and tables as they were built: TorchSharp's <c>to</c> would dispose parameters that they still compute with.
/// </summary>
internal static class BuiltPlace
{
    /// <summary>Refuses a conversion or move that would change a parameter; one to where the module is already does nothing.</summary>
    /// <param name="module">The module.</param>
    /// <param name="type">The type asked for; null for that of each parameter.</param>
    /// <param name="device">The device asked for; null for that of each parameter.</param>
    /// <exception cref="NotSupportedException">It would change one.</exception>
    public static void Require(nn.Module module, ScalarType? type, Device? device)
    {
        if (!module.named_parameters().Any(named => HasOther(named.parameter, type, device)))
            return;
        List<string> asked = [];
        if (device is not null)
            asked.Add($"Device = new Device(\"{device}\")");
        if (type is not null)
            asked.Add($"DataType = ScalarType.{type}");
        throw new NotSupportedException(
            $"{module.GetType().Name} can't be moved or converted once it is built; build it with new ModelOptions {{ {string.Join(", ", asked)} }}, "
                + "and load its weights there."
        );
    }

    private static bool HasOther(Tensor parameter, ScalarType? type, Device? device) =>
        (type is { } wanted && parameter.dtype != wanted)
        || (
            device is not null
            && (
                parameter.device_type != device.type
                || (device.type == DeviceType.CUDA && device.index >= 0 && parameter.device_index != device.index)
            )
        );
}
