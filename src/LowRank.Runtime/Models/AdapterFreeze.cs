using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Models;

/// <summary>Freezes a module but for its adapters, and numbers these, which keys what their dropout draws.</summary>
internal static class AdapterFreeze
{
    /// <exception cref="InvalidOperationException">The module has no adapter.</exception>
    public static void Of(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var index = 0;
        foreach (var parameter in module.parameters())
            parameter.requires_grad = false;
        foreach (var adapter in module.modules().OfType<LoraAdapter>())
        {
            adapter.Index = index++;
            adapter.A.requires_grad = true;
            adapter.B.requires_grad = true;
        }

        if (index == 0)
            throw new InvalidOperationException("The model has no adapter.");
    }
}
