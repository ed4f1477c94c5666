using System.IO.Hashing;
using System.Text;
using LowRank.Reparameterization;
using static TorchSharp.torch;

namespace LowRank.Layers;

/// <summary>
/// Draws the initial weights of a model as Wei et al. (2024) do: every full-size weight from N(0, 0.02²), biases 0, gains 1, factors by
/// the spectral initialisation of such a draw, a guide at the factors' product. Each draw is keyed by seed and dotted name, so that a
/// dense layer and its factored sister start from the same full-size weight.
/// </summary>
public static class Initialization
{
    /// <summary>Standard deviation of a full-size draw.</summary>
    public const double StandardDeviation = 0.02;

    /// <summary>Draws the weights of every layer of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed.</param>
    public static void Draw(nn.Module model, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        foreach (var (name, module) in model.named_modules())
        {
            switch (module)
            {
                case Linear linear:
                    Normal(linear.Weight, seed, name);
                    break;
                case Embedding embedding:
                    Normal(embedding.Weight, seed, name);
                    break;
                case LowRankLinear factored:
                    Spectral(factored, seed, name);
                    break;
            }
        }
    }

    private static void Normal(Tensor weight, long seed, string name)
    {
        using var draw = FullSize(weight.shape, seed, name);
        weight.copy_(draw);
    }

    private static void Spectral(LowRankLinear layer, long seed, string name)
    {
        using var draw = FullSize([layer.Outputs, layer.Inputs], seed, name);
        var (u, v) = SpectralInitialization.Factor(draw, layer.Rank);
        using (u)
        using (v)
        {
            layer.U.copy_(u);
            layer.V.copy_(v);
        }

        if (layer.Guide is null)
            return;
        // U·V rather than the draw itself: at step 0 the layer then computes the same function for every α.
        using var product = layer.U.mm(layer.V);
        layer.Guide.copy_(product);
    }

    // Drawn on the CPU in single precision whatever the model's device and type, so that all of them start alike.
    private static Tensor FullSize(long[] shape, long seed, string name)
    {
        using var generator = new Generator((ulong)Key(seed, name));
        var draw = empty(shape, ScalarType.Float32);
        return draw.normal_(0, StandardDeviation, generator);
    }

    private static long Key(long seed, string name) =>
        (long)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name), seed) >> 1);
}
