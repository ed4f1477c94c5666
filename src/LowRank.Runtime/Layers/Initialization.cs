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
                case LoraLinear adapted:
                    Normal(adapted.Weight, seed, name);
                    break;
                case LoraAdapter adapter:
                    Kaiming(adapter, seed, name);
                    break;
            }
        }
    }

    /// <summary>Draws the adapters of the model: A uniform as by Kaiming with a = √5, which is within 1/√inputs, and B zero.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed.</param>
    public static void DrawAdapters(nn.Module model, long seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (var (name, module) in model.named_modules())
        {
            if (module is LoraAdapter adapter)
                Kaiming(adapter, seed, name);
        }
    }

    private static void Kaiming(LoraAdapter adapter, long seed, string name)
    {
        using var noGradient = no_grad();
        using var generator = new Generator((ulong)Key(seed, name));
        var bound = 1 / Math.Sqrt(adapter.A.shape[1]);
        using var draw = empty(adapter.A.shape, ScalarType.Float32);
        draw.uniform_(-bound, bound, generator);
        adapter.A.copy_(draw);
        adapter.B.zero_();
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
