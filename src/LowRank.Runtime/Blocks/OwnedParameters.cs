using System.Linq;
using LowRank.Layers;
using static TorchSharp.torch;

namespace LowRank.Blocks;

/// <summary>The parameters of a declared module that no declared layer holds: those that its class registers itself.</summary>
internal static class OwnedParameters
{
    /// <summary>How many there are.</summary>
    public static long Of(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var declared = module
            .modules()
            .Where(part => part is LinearLayer or NormLayer or Embedding)
            .SelectMany(part => part.parameters())
            .Select(parameter => parameter.Handle)
            .ToHashSet();
        return module.parameters().Where(parameter => !declared.Contains(parameter.Handle)).Sum(parameter => parameter.NumberOfElements);
    }

    /// <summary>Makes sure that there are as many as declared.</summary>
    /// <exception cref="InvalidOperationException">There are not.</exception>
    public static void Require(nn.Module module, long declared)
    {
        var live = Of(module);
        if (live != declared)
        {
            throw new InvalidOperationException(
                $"{module.GetType().Name} registers {live} parameters of its own and declares {declared}: write [Module(OwnParameters = {live})], for each class without its parts, so that its costs are counted."
            );
        }
    }
}
